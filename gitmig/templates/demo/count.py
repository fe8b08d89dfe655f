"""Says how many rows each table of the shop holds."""

import sqlite3

with sqlite3.connect("app.db") as connection:
    names = ("customers", "products", "orders", "order_lines")
    print(", ".join(f"{name} {connection.execute(f'select count(*) from {name}').fetchone()[0]}" for name in names))
