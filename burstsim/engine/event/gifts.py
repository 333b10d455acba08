"""Gift rules for orders that leave together, one rule after another."""

from __future__ import annotations

from collections.abc import Callable

from burstsim.engine.compile import Model
from burstsim.engine.event.cart import Line, lines_of
from burstsim.engine.event.claims import Claim, Claims
from burstsim.engine.event.limits import Limits, cut
from burstsim.engine.event.using import use_up
from burstsim.engine.orders import Orders
from burstsim.engine.rules import Rule, sets_of

__all__ = ["GiftDesk"]


class GiftDesk:
    """Decides who gets gifts: claim, stacking, cap per order, gate, caps, stock.

    Parameters
    ----------
    model, orders
        The rules and the orders.
    """

    def __init__(self, model: Model, orders: Orders) -> None:
        self.rules, self.orders = model.rules, orders
        self.sets = list(sets_of(model.rules))
        self.claims = Claims(model.rules, orders)
        self.limits = Limits(model.rules, orders)
        self.came: dict[int, int] = {}

    def decide(
        self, members: list[int], obtain: Callable[[int, list[int]], bool]
    ) -> list[tuple[int, list[int]]]:
        """Decide the gifts of orders that leave together.

        Parameters
        ----------
        members
            The orders; the first gives them its number, payment and customer.
        obtain
            Takes the gifts of a rule (its position, gifts of each option) from the shelf and
            says whether any is given.

        Returns
        -------
        list of (rule, gifts of each option)
        """
        if not self.rules:
            return []
        nth = self._nth(members[0])
        lines = lines_of(self.orders, members)
        so_far = self.claims.so_far(members, lines)
        taken: set[str] = set()
        grants: list[tuple[int, list[int]]] = []
        for together in self.sets:
            position, claim = self._best(together, members, lines, (so_far, taken))
            rule = self.rules[position]
            if not any(claim.counts):
                continue
            after_stock = rule.spec.stack.decide == "granted"
            stops = False
            if not after_stock:
                stops = self._keep_others_out(rule, claim, sum(claim.counts), taken)
            if self.limits.lets_through(position, members[0], nth):
                counts = self.limits.give(position, members[0], claim.counts)
                if any(counts):
                    grants.append((position, counts))
                    given = obtain(position, counts)
                    if given and after_stock:
                        stops = self._keep_others_out(rule, claim, sum(counts), taken)
            if stops:
                break
        return grants

    def release(self, members: list[int]) -> None:
        """Take back what orders that are cancelled have used up."""
        self.limits.release(members[0])

    def _nth(self, leader: int) -> int:
        """Count how many times this customer has come, this time included."""
        customer = int(self.orders.customer[leader])
        if customer < 0:
            return 1
        self.came[customer] = self.came.get(customer, 0) + 1
        return self.came[customer]

    def _best(
        self,
        together: list[int],
        members: list[int],
        lines: list[Line],
        known: tuple[dict[int, list[int]], set[str]],
    ) -> tuple[int, Claim]:
        """Find the rule of a set that is worth most to the customer, the first of equals."""
        so_far, taken = known
        best: tuple[int, int, Claim] | None = None
        for position in together:
            rule = self.rules[position]
            if rule.spec.stack.group in taken:
                claim = Claim([0] * len(rule.options))
            elif position in so_far:
                claim = Claim(so_far[position])
            else:
                claim = self.claims.of(rule, members, lines)
            claim.counts = self._in_the_cart(rule, lines, claim.counts)
            if rule.spec.cap.order is not None:
                claim.counts = cut(claim.counts, rule.spec.cap.order)
            worth = self._worth(rule, claim)
            if best is None or worth > best[0]:
                best = worth, position, claim
        assert best is not None
        return best[1], best[2]

    def _worth(self, rule: Rule, claim: Claim) -> int:
        """Cents that a claim is worth; at least one if there is any gift, none without."""
        if not any(claim.counts):
            return 0
        if rule.options == ((),):
            return 1 + self._cheapest(rule, claim)
        return 1 + sum(n * worth for n, worth in zip(claim.counts, rule.worths, strict=True))

    def _cheapest(self, rule: Rule, claim: Claim) -> int:
        """Cents of the cheapest units that a rule looks at, as many as it makes free."""
        prices = sorted(
            line.amounts["list"] // line.quantity
            for lines, _, _ in claim.parts
            for line in lines
            if self._touched(rule, line)
            for _ in range(line.left)
        )
        return sum(prices[: sum(claim.counts)])

    def _in_the_cart(self, rule: Rule, lines: list[Line], counts: list[int]) -> list[int]:
        """Give only what is in the cart, if that is where gifts come from."""
        if not rule.in_cart:
            return counts
        given = list(counts)
        for option, gifts in enumerate(rule.options):
            for item, each in gifts:
                there = sum(
                    line.quantity for line in lines if self.orders.items.parent[line.item] == item
                )
                given[option] = min(given[option], there // each)
        return given

    def _keep_others_out(self, rule: Rule, claim: Claim, gifts: int, taken: set[str]) -> bool:
        """Draw the consequences for later rules; whether there are none any more."""
        stack = rule.spec.stack
        if stack.group is not None:
            taken.add(stack.group)
        if stack.consume:
            use_up(rule, self.orders, claim, gifts)
        if stack.stop == "line":
            for lines, _, _ in claim.parts:
                for line in lines:
                    line.closed |= self._touched(rule, line)
        return stack.exclusive or stack.stop == "order"

    def _touched(self, rule: Rule, line: Line) -> bool:
        """Whether a rule has looked at anything of a line."""
        items = self.orders.items
        if rule.spec.trigger.level == "line":
            return bool(rule.selects[items.parent[line.item]])
        offsets, leaves, _ = items.asked
        return bool(rule.selects[leaves[offsets[line.item] : offsets[line.item + 1]]].any())
