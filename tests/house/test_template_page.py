"""The page on templates says what the schema says."""

from tests.house.template_page import PAGE, page


def test_the_page_on_templates_is_what_the_schema_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: make format"


def test_the_page_of_platforms_is_what_the_data_says():
    from tests.house import platform_page

    assert platform_page.PAGE.read_text(encoding="utf-8") == platform_page.page(), "run: make format"
