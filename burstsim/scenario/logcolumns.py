"""The columns of an order log: our names, and the names that people usually give them."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["KNOWN", "OPTIONAL", "REQUIRED", "usual_name"]

REQUIRED = ("order", "sku", "quantity", "time")
OPTIONAL = (
    *("customer", "region", "channel", "price", "room", "tier", "new", "coupon"),
    *("discount", "shipping", "tax", "paid_at", "cancelled_at"),
)
KNOWN = (*REQUIRED, *OPTIONAL)

# As they stand after `_plain`: no blanks, underscores or hyphens, small letters.
_ALIASES = {
    "order": "orderid orderno ordernumber ordernum ordercode invoice invoiceno invoicenumber "
    "订单号 订单编号 订单id 订单 单号 子订单号 主订单号 子订单编号 主订单编号 交易编号 交易订单号",
    "sku": "skuid skucode stockcode productid productcode itemid itemcode item "
    "商品编码 sku编码 宝贝编码 宝贝编号 宝贝id 商家sku编码 sku商家编码 "
    "商品编号 商品id skuid 货号 商家编码 规格编码 商品sku 产品编码",
    "quantity": "qty units pcs pieces amountofunits 数量 商品数量 购买数量 件数 销售数量 "
    "宝贝数量 商品件数 购买件数 下单数量 下单件数",
    "time": "ordertime orderedat ordereddate orderdate createdat createtime placedat timestamp "
    "datetime date invoicedate 下单时间 时间 订单时间 创建时间 订单创建时间 下单日期 "
    "拍下时间 订单提交时间 提交时间",
    "customer": "customerid userid buyerid buyer client clientid memberid "
    "买家 客户 买家id 客户id 客户编号 用户id 会员id 会员名 买家昵称 买家会员名 "
    "买家账号 买家会员 会员昵称 会员编号 客户名称 用户昵称 用户账号",
    "region": "province country regionname 地区 省份 省 区域 收货省份 收货地区 大区 "
    "收货地址省份 收货省 收件省份 收货人省份 收货地址省 所在省份",
    "channel": "saleschannel platform 渠道 销售渠道 平台 订单来源 订单渠道 来源平台",
    "price": "unitprice itemprice finalunitprice "
    "单价 价格 商品单价 售价 成交价 成交单价 宝贝单价 宝贝价格 商品价格",
    "room": "roomid liveroom 直播间 直播间id 直播间号",
    "tier": "membertier userlevel memberlevel 会员等级 等级",
    "new": "newcustomer isnew isnewcustomer 新客 是否新客",
    "coupon": "couponcode voucher 优惠券 优惠券码 优惠码 券码",
    "discount": "discountamount 优惠金额 折扣金额 优惠",
    "shipping": "shippingfee freight freightvalue postage 运费 邮费 快递费 买家应付邮费 应付邮费",
    "tax": "taxamount 税费 税额",
    "paid_at": "paytime paidtime paymenttime payedtime "
    "付款时间 支付时间 订单付款时间 订单支付时间 买家付款时间",
    "cancelled_at": "canceledat canceltime cancelledtime canceledtime 取消时间 关闭时间",
}
_NAME_OF = {
    alias: name
    for name, aliases in _ALIASES.items()
    for alias in (*aliases.split(), name.replace("_", ""))
}


def usual_name(column: str) -> str:
    """Our name for a column that is called by one of its usual names, else "".

    Examples
    --------
    >>> usual_name("Order ID"), usual_name("下单时间"), usual_name("Colour")
    ('order', 'time', '')
    """
    return _NAME_OF.get(_plain(column), "")


def _plain(column: str) -> str:
    return re.sub(r"[\s_\-./#:]", "", unicodedata.normalize("NFKC", column)).casefold()
