// Draws the figures in the colours of the page, and again when those change.
(function () {
  "use strict";
  var root = document.documentElement;
  var charts = Array.prototype.slice.call(document.querySelectorAll(".chart"));
  var paperWidth = 660;
  var paper = false;

  function colour(name, style) {
    return style.getPropertyValue("--" + name.slice(1)).trim();
  }

  // A copy with every colour such as "@blue" looked up.
  function painted(value, key, style) {
    if (Array.isArray(value)) {
      return value.map(function (entry) { return painted(entry, key, style); });
    }
    if (value !== null && typeof value === "object") {
      var copy = {};
      Object.keys(value).forEach(function (name) { copy[name] = painted(value[name], name, style); });
      return copy;
    }
    var named = typeof value === "string" && /color$/i.test(key) && value.charAt(0) === "@";
    return named ? colour(value, style) : value;
  }

  function dress(layout, style, narrow) {
    var ink = colour("@ink", style), grid = colour("@grid", style), edge = colour("@edge", style);
    layout.font = { color: ink, size: narrow ? 11 : 13, family: style.fontFamily };
    layout.paper_bgcolor = "rgba(0,0,0,0)";
    layout.plot_bgcolor = "rgba(0,0,0,0)";
    layout.hoverlabel = { bgcolor: colour("@page", style), bordercolor: edge, font: { color: ink } };
    layout.dragmode = window.matchMedia("(pointer: fine)").matches ? "zoom" : false;
    ["xaxis", "yaxis"].forEach(function (name) {
      var axis = layout[name];
      axis.gridcolor = grid;
      axis.linecolor = edge;
      axis.tickcolor = edge;
      if (narrow && name === "xaxis") { axis.nticks = 5; }
      // a thumb moves the page, not the picture
      if (layout.dragmode === false) { axis.fixedrange = true; }
    });
    if (paper) { layout.width = paperWidth; }
    return layout;
  }

  function draw(chart) {
    var style = getComputedStyle(document.body);
    var text = document.getElementById(chart.id.replace("chart-", "data-")).textContent;
    var narrow = !paper && chart.clientWidth < 480;
    var spec = painted(JSON.parse(text), "", style);
    spec.data.forEach(function (trace) {
      if (narrow && trace.colorbar) {
        trace.xgap = 0;
        trace.showscale = false;
      }
    });
    var config = { responsive: true, displayModeBar: false };
    return Plotly.react(chart, spec.data, dress(spec.layout, style, narrow), config);
  }

  function drawAll() {
    return Promise.all(charts.map(draw)).then(function () { root.dataset.drawn = charts.length; });
  }

  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  window.addEventListener("beforeprint", function () {
    root.dataset.paper = "1";
    paper = true;
    drawAll();
  });
  window.addEventListener("afterprint", function () {
    delete root.dataset.paper;
    paper = false;
    drawAll().then(function () {
      charts.forEach(function (chart) { Plotly.Plots.resize(chart); });
    });
  });
  document.querySelectorAll("details").forEach(function (details) {
    details.addEventListener("toggle", function () {
      details.querySelectorAll(".chart").forEach(function (chart) { Plotly.Plots.resize(chart); });
    });
  });
  drawAll();
})();
