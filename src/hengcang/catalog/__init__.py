"""商品 Catalog: items, categories, units, barcodes, lots."""
