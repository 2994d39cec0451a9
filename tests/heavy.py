"""Libraries that take long to import: who does not use them does not wait for them."""

HEAVY = {
    *("textual", "rich", "sqlalchemy", "sqlmodel", "alembic", "psycopg", "openpyxl", "python_calamine", "xlsxwriter"),
    *("olefile", "pydantic", "pydantic_settings", "tomlkit", "platformdirs", "psutil", "serial", "biip", "re2"),
    *("filelock", "httpx", "reportlab", "zxingcpp", "argon2", "babel"),
}
