# 衡仓：常用命令。Each calls the same script a newcomer uses.
.PHONY: help setup run test lint types docs bench check
help: ## 这些命令
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'
setup: ## 建立环境并构建前端
	./run setup
run: ## 启动演示
	./run demo
test: ## 全部证明
	./run test
lint: ## 风格与分层
	.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/lint-imports --no-cache
types: ## 类型
	.venv/bin/python -m mypy
docs: ## 文档的检查（术语、链接、插件钩子）
	.venv/bin/python -m pytest tests/architecture -q
bench: ## 基准：与手写 SQL 的比值
	./run bench
check: ## 测试以外的全部检查
	./run check
