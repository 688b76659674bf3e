import re, os
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.contrib.staticfiles.handlers import StaticFilesHandler
from playwright.sync_api import sync_playwright
from sen.base import clock
from sen.kernel.organisations import public as organisations
from sen.systems.account.services import seed_people
import importlib.util, sys
spec=importlib.util.spec_from_file_location("tsi","/work/main/tests/journeys/test_sign_in.py"); tsi=importlib.util.module_from_spec(spec); spec.loader.exec_module(tsi)
stand_in=tsi.stand_in

def test_shots(committed_db, stand_in, settings, monkeypatch):
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]="1"
    settings.ROOT_URLCONF="sen.systems.account.tests.urls"; settings.NATIONAL_IDENTITY_URL=stand_in; settings.NATIONAL_IDENTITY_SECRET="bí mật thử"
    settings.DEMO=True
    import copy; c=copy.deepcopy(settings.CONTENT_SECURITY_POLICY); c['DIRECTIVES']['form-action'].append(stand_in); settings.CONTENT_SECURITY_POLICY=c
    organisations.seed(clock.now()); seed_people(at=clock.now())
    with tsi.served(StaticFilesHandler(WSGIHandler())) as sen, sync_playwright() as p:
        settings.PUBLIC_URL=sen
        b=p.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for w,h in ((360,740),(1100,800)):
            pg=b.new_context(locale="vi-VN",viewport=dict(width=w,height=h)).new_page()
            logs=[]; pg.on("console", lambda m: logs.append(m.text))
            def shot(n): pg.screenshot(path=f"/work/tmp/shots_{n}_{w}.png", full_page=True)
            pg.goto(sen+"/dang-nhap/"); shot("1signin")
            pg.goto(sen+"/demo/"); shot("2demo")
            pg.locator("form:has(input[value='phochutich.truongvinh']) button").click(); pg.wait_for_load_state(); shot("3code")
            pg.get_by_role("button", name="Đăng nhập").last.click(); pg.wait_for_load_state()
            pg.goto(sen+"/tai-khoan/"); shot("4profile")
            pg.goto(sen+"/tai-khoan/thiet-bi/"); shot("5sessions")
            pg.goto(sen+"/tai-khoan/mat-khau/"); shot("6password")
            pg.goto(sen+"/demo/")
            pg.locator("form:has(input[value='ba']) button").click(); pg.wait_for_load_state(); shot("7consent")
            pg.get_by_role("button", name="Đồng ý").click(); pg.wait_for_load_state()
            pg.goto(sen+"/tai-khoan/"); shot("8citizen")
            pg.goto(sen+"/dang-nhap/dinh-danh/?state=x&code=x"); shot("9refused")
            print(logs)
        b.close()
