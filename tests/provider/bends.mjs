// Wrong answers, by name. The part before the dot is the address whose next answer is spoilt (id_token: the token
// address; answer: the redirect back to the site). A bend either stands instead of the honest answer or changes it after.
//
//   instead(ctx)      answers; 'go on' lets the honest answer follow
//   after(ctx, key)   changes ctx.body; key is the private JWK that signs now
//   redirect(url)     changes the address that the browser is sent to
import { createPublicKey } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { SignJWT, decodeJwt, exportSPKI, generateKeyPair, importJWK } from 'jose';

export const BENDS = new Map();

/** Longer than any client should wait. Ends early if the client goes. */
const SLOW_MS = 10000;
async function slow(ctx) {
  const gone = new AbortController();
  ctx.res.on('close', () => gone.abort());
  await delay(SLOW_MS, null, { signal: gone.signal }).catch(() => {});
  return gone.signal.aborted ? undefined : 'go on';
}

/** Late, and in time: long enough for a second request to come meanwhile. */
const late = () => delay(1500).then(() => 'go on');

/** One byte of JSON every 200 ms, so that no single read times out. */
function drip(ctx) {
  ctx.type = 'json';
  ctx.body = Readable.from(
    (async function* bytes() {
      yield '{';
      for (let i = 0; i < 100 && !ctx.res.destroyed; i += 1) {
        await delay(200);
        yield ' ';
      }
      yield '}';
    })(),
  );
}

const json = (value) => (ctx) => {
  ctx.type = 'json';
  ctx.body = value;
};
const status = (code, value) => (ctx) => {
  ctx.status = code;
  json(value)(ctx);
};
const redirect = (to) => (ctx) => {
  ctx.status = 302;
  ctx.set('Location', to);
  ctx.body = '';
};

// What can happen at any address.
for (const endpoint of ['token', 'jwks', 'discovery', 'userinfo', 'profile']) {
  const spoil = (what, instead) => BENDS.set(`${endpoint}.${what}`, { instead });
  spoil('slow', slow);
  spoil('drip', drip);
  spoil('oversized', json(JSON.stringify({ padding: 'x'.repeat(2 << 20) })));
  spoil('not_json', (ctx) => {
    ctx.type = 'html';
    ctx.body = '<!doctype html><title>maintenance</title>';
  });
  spoil('cut_json', json('{"keys":[{"kty":"RSA",'));
  spoil('list', json('[]'));
  spoil('empty', json(''));
  spoil('error_500', status(500, { error: 'server_error' }));
  spoil('error_503', status(503, 'away'));
  spoil('error_429', status(429, 'too many'));
  spoil('away', redirect('http://away.example/'));
  spoil('moved', (ctx) => redirect(`${ctx.req.originalUrl}?again`)(ctx));
  spoil('reset', (ctx) => {
    ctx.respond = false;
    ctx.req.socket.destroy();
  });
}

const signed = (claims, header, key) => new SignJWT(claims).setProtectedHeader(header).sign(key);
const base64 = (value) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** An id_token with other claims, rightly signed. undefined takes a claim away. */
const claims = (what, change) =>
  BENDS.set(`id_token.${what}`, {
    after: async (ctx, jwk) => {
      if (!ctx.body?.id_token) return;
      const honest = decodeJwt(ctx.body.id_token);
      const header = { alg: 'RS256', kid: jwk.kid };
      ctx.body.id_token = await signed(
        { ...honest, ...change(honest) },
        header,
        await importJWK(jwk, 'RS256'),
      );
    },
  });
const now = () => Math.floor(Date.now() / 1000);
claims('nonce', () => ({ nonce: 'A'.repeat(43) }));
claims('no_nonce', () => ({ nonce: undefined }));
claims('iss', () => ({ iss: 'https://elsewhere.example' }));
claims('iss_slash', (c) => ({ iss: `${c.iss}/` }));
claims('no_iss', () => ({ iss: undefined }));
claims('aud', () => ({ aud: 'another-client' }));
claims('aud_list', (c) => ({ aud: ['another-client', `${c.aud}x`] }));
claims('azp', (c) => ({ aud: [c.aud, 'another-client'], azp: 'another-client' }));
claims('no_aud', () => ({ aud: undefined }));
claims('expired', () => ({ exp: now() - 600, iat: now() - 4200 }));
claims('no_exp', () => ({ exp: undefined }));
claims('exp_text', (c) => ({ exp: String(c.exp) }));
claims('not_yet', () => ({ nbf: now() + 600 }));
claims('future', () => ({ iat: now() + 600, exp: now() + 4200 }));
claims('iat_zero', () => ({ iat: 0 }));
claims('no_iat', () => ({ iat: undefined }));
claims('old', () => ({ iat: now() - 1200 }));
claims('exp_before_iat', () => ({ iat: now() + 60, exp: now() + 30 }));
claims('no_sub', () => ({ sub: undefined }));
claims('empty_sub', () => ({ sub: '' }));
claims('sub_number', () => ({ sub: 7 }));
claims('long_sub', () => ({ sub: 's'.repeat(300) }));

/** An id_token with the honest claims in another envelope. make(claims, jwk, honest token) → text, or undefined: none. */
const envelope = (what, make) =>
  BENDS.set(`id_token.${what}`, {
    after: async (ctx, jwk) => {
      if (ctx.body?.id_token)
        ctx.body.id_token = await make(decodeJwt(ctx.body.id_token), jwk, ctx.body.id_token);
    },
  });
const unsigned = (alg, tail) => (c, jwk) => `${base64({ alg, kid: jwk.kid })}.${base64(c)}.${tail}`;
envelope('other_key', async (c, jwk) =>
  signed(c, { alg: 'RS256', kid: jwk.kid }, (await generateKeyPair('RS256')).privateKey),
);
envelope('unknown_kid', async (c) =>
  signed(c, { alg: 'RS256', kid: `unknown-${Math.random()}` }, (await generateKeyPair('RS256')).privateKey),
);
envelope('own_key', async (c, jwk) => {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const mine = createPublicKey({ key: await exportSPKI(publicKey) }).export({ format: 'jwk' });
  return signed(c, { alg: 'RS256', kid: jwk.kid, jwk: mine }, privateKey);
});
envelope('alg_none', unsigned('none', ''));
envelope('alg_none_signed', (c, jwk, honest) => unsigned('none', honest.split('.')[2])(c, jwk));
envelope('alg_none_mixed', unsigned('nOnE', ''));
envelope('hs256', (c, jwk) => {
  const pem = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  return signed(c, { alg: 'HS256', kid: jwk.kid }, Buffer.from(pem));
});
envelope('rs512', async (c, jwk) => signed(c, { alg: 'RS512', kid: jwk.kid }, await importJWK(jwk, 'RS512')));
envelope('changed', (c, jwk, honest) => {
  const [head, , tail] = honest.split('.');
  return [head, base64({ ...c, sub: 'somebody-else' }), tail].join('.');
});
envelope('cut', (c, jwk, honest) => honest.split('.').slice(0, 2).join('.'));
envelope('junk', () => 'not.a.token');
envelope('number', () => 42);
envelope('missing', () => undefined);

// The token address says something else, politely.
BENDS.set('token.late', { instead: late });
BENDS.set('token.invalid_grant', { instead: status(400, { error: 'invalid_grant' }) });
BENDS.set('token.no_access_token', { after: (ctx) => delete ctx.body.access_token });
BENDS.set('token.control_bytes', {
  after: (ctx) => {
    ctx.body.access_token = 'a\r\nX-Injected: 1';
  },
});

// Documents that are JSON and wrong.
const changed = (endpoint, what, change) =>
  BENDS.set(`${endpoint}.${what}`, {
    after: (ctx) => {
      ctx.body = change(ctx.body);
    },
  });
changed('discovery', 'issuer', (d) => ({ ...d, issuer: 'https://elsewhere.example' }));
changed('discovery', 'endpoints_away', (d) => ({
  ...d,
  authorization_endpoint: 'http://away.example/auth',
  token_endpoint: 'http://away.example/token',
  jwks_uri: 'http://away.example/jwks',
}));
changed('discovery', 'no_token_endpoint', ({ token_endpoint: _, ...rest }) => rest);
changed('discovery', 'numbers', (d) => ({
  ...d,
  authorization_endpoint: 1,
  token_endpoint: [],
  jwks_uri: {},
}));
changed('jwks', 'no_keys', () => ({ keys: [] }));
changed('jwks', 'junk_keys', () => ({
  keys: [1, null, {}, { kty: 'RSA' }, { kty: 'oct', k: 'AAAA', kid: 'x' }],
}));
changed('jwks', 'e_is_one', ({ keys }) => ({ keys: keys.map((k) => ({ ...k, e: 'AQ' })) }));
changed('jwks', 'private', ({ keys }) => ({ keys: keys.map((k) => ({ ...k, d: 'AQAB' })) }));
changed('jwks', 'for_encryption', ({ keys }) => ({
  keys: keys.map(({ use: _, ...k }) => ({ ...k, key_ops: ['encrypt'] })),
}));
changed('profile', 'no_id', (p) => ({ ...p, response: { nickname: 'x' } }));
changed('profile', 'empty_id', (p) => ({ ...p, response: { id: '' } }));
changed('profile', 'id_object', (p) => ({ ...p, response: { id: { a: 1 } } }));
changed('profile', 'no_response', ({ response: _, ...rest }) => rest);
changed('profile', 'failed', () => ({ resultcode: '024', message: 'Authentication failed' }));

// The redirect back to the site.
const back = (what, change) =>
  BENDS.set(`answer.${what}`, {
    redirect: (url) => {
      change(url.searchParams, url);
      return url;
    },
  });
back('iss', (q) => q.set('iss', 'https://elsewhere.example'));
back('no_iss', (q) => q.delete('iss'));
back('code', (q) => q.set('code', 'never-given-out'));
back('no_code', (q) => q.delete('code'));
back('state', (q) => q.set('state', 'B'.repeat(43)));
back('no_state', (q) => q.delete('state'));
for (const name of ['state', 'code', 'iss']) back(`two_${name}`, (q) => q.append(name, q.get(name) ?? 'x'));
back('server_error', (q) => {
  for (const name of ['code', 'scope']) q.delete(name);
  q.set('error', 'server_error');
});
back('unavailable', (q) => q.delete('code') ?? q.set('error', 'temporarily_unavailable'));
