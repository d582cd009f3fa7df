"""地点 Places: warehouses, bins, virtual places, departments, cash accounts."""
