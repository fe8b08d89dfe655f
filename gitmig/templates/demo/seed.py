"""Puts a few rows into the shop."""

from sqlalchemy import create_engine, insert

from shop.models import Customer, Order, OrderLine, Product

with create_engine("sqlite:///app.db").begin() as connection:
    connection.execute(insert(Customer), [{"id": 1, "name": "Ada", "email": "ada@example.org"}])
    connection.execute(insert(Product), [{"id": 1, "title": "Lamp", "price": 20}, {"id": 2, "title": "Desk", "price": 180}])
    connection.execute(insert(Order), [{"id": 1, "customer_id": 1}])
    lines = [{"order_id": 1, "product_id": 1, "quantity": 2}, {"order_id": 1, "product_id": 2, "quantity": 1}]
    connection.execute(insert(OrderLine), lines)
print("4 tables, 6 rows")
