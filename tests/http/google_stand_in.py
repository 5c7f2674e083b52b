"""A stand-in for the Measurement Protocol of Google Analytics 4. It takes requests as Google does, and judges them as strictly as Google's
documents put it (developers.google.com/analytics/devguides/collection/protocol/ga4/reference, support.google.com/analytics/answer/9267744
and /13316687), where Google itself drops in silence."""
import contextlib
import http.server
import json
import re
import threading
import time
import urllib.parse

# Of the reference and of the naming rules for web streams; page_view is collected by Google's own script too and documented for the protocol.
RESERVED = set("""ad_activeview ad_click ad_exposure ad_impression ad_query ad_reward adunit_exposure app_background app_clear_data
app_exception app_remove app_store_refund app_update app_upgrade click dynamic_link_app_open dynamic_link_app_update
dynamic_link_first_open error file_download firebase_campaign first_open first_visit form_start form_submit in_app_purchase
notification_dismiss notification_foreground notification_open notification_receive notification_send os_update scroll session_start
user_engagement video_complete video_progress video_start view_complete view_search_results""".split())
NOT_PARAMETERS = set("cid currency customer_id customerid dclid gclid sessionid sfmc_id sid srsltid uid user_id userid value".split())
LONGER = {"page_location": 1000, "page_referrer": 420, "page_title": 300}
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")


def faults(body, now=None):
    """What Google would not take, or not as it was meant: a list of sentences."""
    now = now or time.time()
    wrong = []

    def must(truth, what):
        if not truth:
            wrong.append(what)
    must(len(json.dumps(body)) < 130000, "the body is 130 kB or more")
    must(set(body) <= {"client_id", "consent", "device", "events", "timestamp_micros", "validation_behavior"}, f"members {sorted(body)}")
    must(isinstance(body.get("client_id"), str) and re.fullmatch(r"\d{1,10}\.\d{1,10}", body["client_id"]), "client_id")
    for name, value in body.get("consent", {}).items():
        must(name in ("ad_user_data", "ad_personalization") and value in ("GRANTED", "DENIED"), f"consent {name}")
    device = body.get("device", {})
    must(set(device) <= {"category", "language"} and device.get("category", "mobile") in ("mobile", "tablet", "desktop"), "device")
    events = body.get("events")
    must(isinstance(events, list) and 1 <= len(events) <= 25, "1 to 25 events")
    for event in events or []:
        name, params = event.get("name", ""), event.get("params", {})
        must(set(event) <= {"name", "params", "timestamp_micros"}, f"members {sorted(event)}")
        must(NAME.fullmatch(name) and name not in RESERVED and not re.match("(firebase|ga|google)_|query_id", name), f"name {name}")
        at = event.get("timestamp_micros", now * 1e6)
        must(isinstance(at, (int, float)) and now - 72 * 3600 <= at / 1e6 <= now + 60, f"timestamp {at}")
        must(len(params) <= 25, "25 parameters")
        for key, value in params.items():
            must(NAME.fullmatch(key) and key not in NOT_PARAMETERS and not re.match("(firebase|ga|google)_|gtag\\.", key), f"parameter {key}")
            must(isinstance(value, (str, int, float)) and not isinstance(value, bool), f"{key} is a {type(value).__name__}")
            must(len(str(value)) <= LONGER.get(key, 100), f"{key} is {len(str(value))} characters long")
        must(re.fullmatch(r"\d+", str(params.get("session_id", ""))), "session_id")
        must(isinstance(params.get("engagement_time_msec"), int) and params["engagement_time_msec"] > 0, "engagement_time_msec")
    return wrong


class StandIn:
    """Keeps what it took in `events` (each with its client) and what was wrong with it in `wrong`. answer: what it does with the next requests: a
    status, or a function of the handler that answers by itself."""

    def __init__(self, measurement_id, secret):
        self.events, self.requests, self.wrong, self.answer = [], [], [], 204
        self.gate = threading.Event()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                outer.take(self, measurement_id, secret)

            def log_message(self, *args):
                pass
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def take(self, handler, measurement_id, secret):
        where = urllib.parse.urlsplit(handler.path)
        asked = dict(urllib.parse.parse_qsl(where.query))
        body = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
        self.requests.append(where.path)
        wrong = faults(body)
        if asked != {"measurement_id": measurement_id, "api_secret": secret}:
            wrong.append("measurement_id or api_secret")
        if handler.headers["Content-Type"] != "application/json":
            wrong.append("Content-Type")
        if where.path == "/debug/mp/collect":
            told = [{"fieldPath": "events", "description": w, "validationCode": "VALUE_INVALID"} for w in wrong]
            return self.reply(handler, 200, json.dumps({"validationMessages": told}).encode())
        if where.path != "/mp/collect":
            return self.reply(handler, 404)
        if callable(self.answer):
            return self.answer(handler, lambda: self.keep(body, wrong))
        if 200 <= self.answer < 300:
            self.keep(body, wrong)
        return self.reply(handler, self.answer)

    def keep(self, body, wrong):
        self.wrong += wrong
        self.events += [{**e, "client": body["client_id"], "device": body.get("device")} for e in body["events"]]

    @staticmethod
    def reply(handler, status, body=b""):
        with contextlib.suppress(OSError):  # who asked may be gone
            handler.send_response(status)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)

    def keys(self):
        return [e["params"]["event_key"] for e in self.events]

    def close(self):
        self.gate.set()
        self.server.shutdown()
        self.server.server_close()
