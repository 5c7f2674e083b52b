// A stand-in for the social-login providers, for the tests and for `make run DEV_LOGIN=1`. Loopback only; `make install`
// knows nothing of it.
//
//   node server.mjs --port 0 --site http://127.0.0.1:8080 --secrets FOLDER [--control] dev google kakao naver
//
// The protocol is spoken by npm's oidc-provider, which is certified by the OpenID Foundation: this folder only says who
// may sign in (anyone, by name), plays several providers beside each other, and, for tests, spoils answers on order.
// 8.8.1 is the last one for Node 18 (Debian 12) and 20; version 9 asks for 22.
//
//   server.mjs     options, the listener, the control addresses of tests
//   provider.mjs   one provider: keys, client, policy, Naver's own profile address
//   pages.mjs      the page where one picks a name
//   bends.mjs      the wrong answers
//
// Issuers are http://127.0.0.1:PORT/NAME. The client of each is mvti-NAME with the secret in FOLDER/provider-NAME, sent
// in the body; its only redirect address is SITE/auth/NAME/callback. Code flow and PKCE with S256 are required. `naver`
// speaks OAuth 2.0 without id_token: /naver/oauth2.0/authorize, /naver/oauth2.0/token and the profile /naver/v1/nid/me.
//
// A login_hint in the authorization request signs that name in without a page; tests add one.
//
// With --control (never in make run, because any page of the browser could post there), as JSON:
//   POST /control/bend    {provider, what, times}   the next `times` answers are wrong in the way bends.mjs calls `what`
//   POST /control/straight                          forgets all of these
//   POST /control/rotate  {provider, keep}          new key; keep: the old one stays published
//   GET  /control/bends                             the names that bends.mjs has
//   GET  /control/counters   {NAME: {ENDPOINT: requests, most_a_code: token requests with one code}}
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BENDS } from './bends.mjs';
import { Provider } from './provider.mjs';

const { values: options, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    port: { type: 'string', default: '0' },
    site: { type: 'string' },
    secrets: { type: 'string' },
    control: { type: 'boolean', default: false },
  },
});
if (!options.site || !options.secrets || !names.length) {
  console.error('usage: server.mjs --port PORT --site URL --secrets FOLDER [--control] NAME…');
  process.exit(2);
}

const providers = new Map();
let host = null;
let allReady;
const ready = new Promise((resolve) => {
  allReady = resolve;
});

const reply = (res, status, value) => {
  const body = JSON.stringify(value ?? {});
  res
    .writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) })
    .end(body);
};

async function bodyOf(req) {
  const parts = [];
  for await (const part of req) parts.push(part);
  return Buffer.concat(parts).toString();
}

const controls = {
  'GET /control/counters': () => Object.fromEntries([...providers].map(([name, p]) => [name, p.counters()])),
  'GET /control/bends': () => [...BENDS.keys()],
  'POST /control/straight': () => {
    for (const p of providers.values()) p.straight();
  },
  'POST /control/rotate': ({ provider, keep }) => providers.get(provider).rotate(keep),
  'POST /control/bend': ({ provider, what, times = 1 }) => {
    if (!BENDS.has(what)) throw new Error(`no bend is called ${what}`);
    providers.get(provider).bend(what, times);
  },
};

async function control(req, res) {
  const action = controls[`${req.method} ${req.url}`];
  if (!action) return reply(res, 404);
  try {
    const body = await bodyOf(req);
    return reply(res, 200, await action(body ? JSON.parse(body) : {}));
  } catch (error) {
    return reply(res, 400, { error: String(error) });
  }
}

const server = createServer(async (req, res) => {
  try {
    await ready;
    if (req.headers.host !== host) return reply(res, 421);
    const [, first] = /^\/([a-z]+)/.exec(req.url) ?? [];
    if (first === 'control' && options.control) return await control(req, res);
    const provider = providers.get(first);
    return provider ? await provider.answer(req, res) : reply(res, 404);
  } catch (error) {
    console.error(error);
    return res.headersSent ? res.destroy() : reply(res, 500);
  }
});

server.listen(Number(options.port), '127.0.0.1', async () => {
  host = `127.0.0.1:${server.address().port}`;
  for (const name of names) {
    const secret = readFileSync(join(options.secrets, `provider-${name}`), 'utf8').trim();
    const provider = new Provider(
      name,
      `http://${host}/${name}`,
      secret,
      `${options.site}/auth/${name}/callback`,
    );
    await provider.rotate(false);
    providers.set(name, provider);
  }
  allReady();
  console.log(`ready: http://${host} plays ${names.join(', ')}`);
});
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));
