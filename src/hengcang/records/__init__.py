"""单据表 Records: the tables of documents and their lines; no rules."""
