"""From traces to what people read: metrics, tables, verdicts, run folders."""
