"""权限 Access: users, roles, permissions, data scope, field masks."""
