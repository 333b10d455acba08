"""Columns of a file of gift rules: what each sets, and what it is usually called."""

from __future__ import annotations

from burstsim.scenario.giftfile import GiftRow
from burstsim.scenario.paths import KeyPath
from burstsim.scenario.sheetreader import Sheet

__all__ = ["CHOICES", "FLAGS", "GIFTS", "LISTS", "PLAIN"]

#: Column → the key of a rule that it sets as it is.
PLAIN: dict[str, KeyPath] = {
    "level": ("trigger", "level"),
    "measure": ("trigger", "measure"),
    "base": ("trigger", "base"),
    "max": ("trigger", "max"),
    "scope": ("trigger", "scope"),
    "source": ("reward", "source"),
    "choose": ("reward", "choose"),
    "first_n": ("gate", "first_n"),
    "per": ("gate", "per"),
    "every_k": ("gate", "every_k"),
    "lottery": ("gate", "lottery", "p"),
    "customer_nth": ("gate", "customer_nth"),
    "cap_order": ("cap", "order"),
    "cap_customer": ("cap", "customer"),
    "cap_total": ("cap", "total"),
    "budget": ("cap", "budget"),
    "when_exhausted": ("cap", "when_exhausted"),
    "used": ("cap", "used"),
    "priority": ("stack", "priority"),
    "group": ("stack", "group"),
    "stop": ("stack", "stop"),
    "decide": ("stack", "decide"),
    "ship": ("fulfil", "ship"),
    "out_of_stock": ("fulfil", "when_out_of_stock"),
    "zone": ("fulfil", "zone"),
    "work": ("fulfil", "work"),
    "cancel": ("clawback", "cancel"),
}

#: Column → the key that takes the names in its cell.
LISTS: dict[str, KeyPath] = {
    "channel": ("where", "channel"),
    "room": ("where", "room"),
    "region": ("where", "region"),
    "tier": ("where", "tier"),
    "categories": ("trigger", "categories"),
    "brands": ("trigger", "brands"),
    "except": ("trigger", "not", "items"),
}

#: Column → the key that takes yes or no.
FLAGS: dict[str, KeyPath] = {
    "new": ("where", "new"),
    "coupon": ("where", "coupon"),
    "exclusive": ("stack", "exclusive"),
}

#: What cells say in Chinese, by column.
CHOICES: dict[str, dict[str, str]] = {
    "measure": {
        **dict.fromkeys(("满额", "金额", "每满额"), "amount"),
        **dict.fromkeys(("满件", "件数", "每满件"), "units"),
        **dict.fromkeys(("套装", "组合"), "sets"),
        **dict.fromkeys(("种数", "款数"), "distinct"),
        **dict.fromkeys(("订单数", "单数"), "orders"),
    },
    "base": {"原价": "list", "实付": "net", "含税": "net_tax"},
    "scope": {"单笔": "order", "合并": "merged", "累计": "customer", "客户": "customer"},
    "choose": {"全部": "all", "顺位": "waterfall", "最贵": "dearest", "随机": "random"},
    "source": {"加赠": "add", "购物车": "in_cart"},
    "per": {"每分钟": "minute", "每时段": "window", "每场": "window", "每直播间": "room"},
    "pick": {"最高档": "highest", "累计": "cumulative"},
    "when_exhausted": {"部分": "partial", "结束": "close", "跳过": "skip"},
    "ship": {"随单": "with_main", "单独": "split", "后发": "after_main"},
    "out_of_stock": {
        **dict.fromkeys(("不送", "跳过"), "skip"),
        **dict.fromkeys(("换赠", "顺延"), "next"),
        **dict.fromkeys(("等待", "锁单"), "hold"),
        **dict.fromkeys(("补发", "缺货补发"), "backorder"),
        **dict.fromkeys(("取消", "取消订单"), "cancel"),
    },
    "cancel": {"释放": "release", "退回": "release", "保留": "keep"},
}

_ALIASES: dict[str, tuple[str, ...]] = {
    "rule": ("规则", "规则名称", "活动名称", "活动"),
    "channel": ("渠道", "销售渠道"),
    "room": ("直播间",),
    "region": ("地区", "省份"),
    "from": ("开始时间",),
    "to": ("结束时间",),
    "tier": ("会员等级",),
    "new": ("新客", "新客户"),
    "coupon": ("优惠券",),
    "items": ("商品编码", "商品", "主商品编码"),
    "categories": ("类目", "分类"),
    "brands": ("品牌",),
    "except": ("排除商品",),
    "level": ("层级",),
    "measure": ("触发方式", "门槛类型"),
    "base": ("金额口径",),
    "min": ("门槛", "最低"),
    "amount": ("满额",),
    "units": ("满件",),
    "max": ("上限", "最高"),
    "scope": ("统计范围",),
    "every": ("每满",),
    "offset": ("起算",),
    "buy": ("买",),
    "free": ("免", "送件数"),
    "pick": ("档位",),
    "gift": ("赠品编码", "赠品"),
    "quantity": ("赠品数量", "赠送数量"),
    "source": ("赠品来源",),
    "choose": ("赠品选择",),
    "first_n": ("前N名", "前n名"),
    "per": ("名额周期",),
    "every_k": ("每第K单",),
    "lottery": ("中奖率", "抽奖概率"),
    "customer_nth": ("第几单",),
    "cap_order": ("每单限赠", "每单限量"),
    "cap_customer": ("每人限领", "每人限量"),
    "cap_total": ("总量", "总限量"),
    "budget": ("预算",),
    "when_exhausted": ("超限处理",),
    "used": ("已送数量",),
    "priority": ("优先级",),
    "group": ("互斥组",),
    "exclusive": ("独占",),
    "stop": ("停止后续",),
    "decide": ("判定方式",),
    "ship": ("发货方式",),
    "out_of_stock": ("缺货处理",),
    "zone": ("作业环节",),
    "work": ("作业时间",),
    "cancel": ("取消处理",),
}

GIFTS = Sheet(
    what="gift rules",
    row=GiftRow,
    aliases=_ALIASES,
    optional=tuple(column for column in _ALIASES if column != "rule"),
)
