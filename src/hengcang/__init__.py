"""衡仓 Hengcang: purchasing, inventory and sales in one, with the money that follows them."""
