import time, pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext as C
from sen.kernel.identity.tests.factories import *
from sen.kernel.identity.tests.test_national_identity import *
from sen.kernel.identity.tests.test_door import Browser
from django.contrib.auth.hashers import make_password, check_password
from sen.kernel.identity import public as identity
@pytest.mark.django_db
def test_m(provider, monkeypatch):
    monkeypatch.setenv("SEN_CLOCK", AT.isoformat())
    a=EmploymentFactory().account
    b=Browser()
    with C(connection) as q: b.do(identity.give_password, username=a.username, password=PASSWORD, at=AT)
    print("password",len(q)); [print("   ",x['sql'][:110]) for x in q]
    with C(connection) as q: b.do(identity.give_code, code=code_of(AT), at=AT)
    print("code",len(q)); [print("   ",x['sql'][:110]) for x in q]
    x=Browser()
    with C(connection) as q: asked=leave(x,provider)
    print("leave",len(q))
    with C(connection) as q: back(x,f"code=c&state={asked['state']}")
    print("first return",len(q))
    x=Browser(); asked=leave(x,provider)
    with C(connection) as q: back(x,f"code=c&state={asked['state']}")
    print("return",len(q)); [print("   ",y['sql'][:110]) for y in q]
    h=make_password("x"); t=time.process_time()
    for _ in range(10): check_password("x",h)
    print("hash ms", (time.process_time()-t)*100)
    r=b.request(); t=time.process_time()
    for _ in range(300):
        r=b.request(); identity.actor(r)
    print("actor ms", (time.process_time()-t)/300*1000)
