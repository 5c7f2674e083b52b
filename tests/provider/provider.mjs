// One provider: an oidc-provider below its own path, with keys that can be exchanged while it runs.
import { createHash, randomBytes } from 'node:crypto';
import { parse } from 'node:querystring';
import { exportJWK, generateKeyPair } from 'jose';
import Oidc, { interactionPolicy } from 'oidc-provider';
import { BENDS } from './bends.mjs';
import { page, problem } from './pages.mjs';
import { Store } from './store.mjs';

/** Addresses as each provider has them; what is not said is oidc-provider's. */
const ROUTES = {
  naver: { authorization: '/oauth2.0/authorize', token: '/oauth2.0/token' },
};
const NAVER_PROFILE = '/v1/nid/me';
/** Names of addresses in counters and bends. */
const ENDPOINTS = (routes) => ({
  [routes.authorization ?? '/auth']: 'authorization',
  [routes.token ?? '/token']: 'token',
  '/jwks': 'jwks',
  '/.well-known/openid-configuration': 'discovery',
  '/me': 'userinfo',
  [NAVER_PROFILE]: 'profile',
});

/** Names are subjects where they can be; others (Hangul) get one. The same name is the same person every time. */
export const subjectOf = (name) =>
  /^[A-Za-z0-9._-]{1,64}$/.test(name) ? name : createHash('sha256').update(name).digest('hex').slice(0, 32);

export class Provider {
  #cookieKey = randomBytes(32).toString('hex');
  #jwks = [];
  #oidc = null;
  #callback = null;
  #bends = [];
  #counts = {};
  #codes = new Map();
  #names = new Map();

  constructor(name, issuer, secret, redirect) {
    Object.assign(this, { name, issuer, secret, redirect, store: new Store() });
    this.routes = ROUTES[name] ?? {};
    this.endpoints = ENDPOINTS(this.routes);
  }

  bend(what, times) {
    for (let i = 0; i < times; i += 1) this.#bends.push(what);
  }

  straight() {
    this.#bends = [];
  }

  counters() {
    return { ...this.#counts, most_a_code: Math.max(0, ...this.#codes.values()) };
  }

  /** A new signing key; codes and tokens given out before stay good. */
  async rotate(keep) {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true });
    const key = {
      ...(await exportJWK(privateKey)),
      kid: randomBytes(8).toString('hex'),
      alg: 'RS256',
      use: 'sig',
    };
    this.#jwks = [key, ...(keep ? this.#jwks.slice(0, 1) : [])];
    this.#oidc = new Oidc(this.issuer, this.#configuration());
    this.#oidc.use((ctx, next) => this.#inFront(ctx, next));
    this.#callback = this.#oidc.callback();
  }

  /** Everything below the issuer's path. */
  async answer(req, res) {
    req.originalUrl = req.url;
    req.url = req.url.slice(this.name.length + 1) || '/';
    const [, uid] = /^\/interaction\/([\w-]+)$/.exec(req.url.split('?')[0]) ?? [];
    return uid ? this.#signIn(req, res) : this.#callback(req, res);
  }

  #configuration() {
    const policy = interactionPolicy.base();
    const { Check } = interactionPolicy;
    policy.remove('consent');
    // Whoever comes is asked anew, so that one browser can be several people.
    policy
      .get('login')
      .checks.add(
        new Check('always', 'everybody signs in anew', 'login_required', (ctx) =>
          ctx.oidc.result?.login ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT,
        ),
      );
    const cookie = { path: `/${this.name}`, httpOnly: true, sameSite: 'lax', signed: true };
    return {
      adapter: this.store.adapter,
      jwks: { keys: this.#jwks },
      clients: [
        {
          client_id: `mvti-${this.name}`,
          client_secret: this.secret,
          redirect_uris: [this.redirect],
          grant_types: ['authorization_code'],
          response_types: ['code'],
          token_endpoint_auth_method: 'client_secret_post',
        },
      ],
      responseTypes: ['code'],
      pkce: { methods: ['S256'], required: () => true },
      routes: this.routes,
      scopes: ['openid'],
      claims: { openid: ['sub', 'email', 'email_verified'], profile: ['name', 'nickname'] },
      conformIdTokenClaims: false,
      cookies: {
        keys: [this.#cookieKey],
        long: cookie,
        short: { httpOnly: true, sameSite: 'lax', signed: true },
      },
      features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: false } },
      interactions: { policy, url: (ctx, interaction) => `/${this.name}/interaction/${interaction.uid}` },
      ttl: {
        AccessToken: 3600,
        AuthorizationCode: 60,
        Grant: 3600,
        IdToken: 3600,
        Interaction: 3600,
        Session: 3600,
      },
      findAccount: (ctx, sub) => ({ accountId: sub, claims: () => this.#claims(sub) }),
      loadExistingGrant: (ctx) => this.#grant(ctx),
      renderError: (ctx, out) => {
        ctx.type = 'html';
        ctx.body = problem(out);
      },
    };
  }

  /** The e-mail address depends on the name alone: the same at every provider. */
  #claims(sub) {
    const name = this.#names.get(sub) ?? sub;
    return { sub, name, nickname: name, email: `${sub}@example.com`, email_verified: true };
  }

  async #grant(ctx) {
    const grant = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client.clientId,
      accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope('openid profile email');
    await grant.save();
    return grant;
  }

  /** The page, the button pressed on it, or the name that the request brought along. */
  async #signIn(req, res) {
    const { params } = await this.#oidc.interactionDetails(req, res);
    let form = null;
    if (req.method === 'POST') {
      let body = '';
      for await (const part of req) body += part;
      form = parse(body);
    } else if (params.login_hint) {
      form = { name: params.login_hint };
    }
    if (!form) {
      const html = page(this.name, `${params.ui_locales ?? ''},${req.headers['accept-language'] ?? ''}`);
      return res
        .writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' })
        .end(html);
    }
    const name = form.name?.trim() || form.picked;
    const result =
      form.cancel !== undefined || !name
        ? { error: 'access_denied', error_description: 'the person cancelled' }
        : { login: { accountId: subjectOf(name), remember: false } };
    if (name) this.#names.set(subjectOf(name), name);
    return this.#oidc.interactionFinished(req, res, result, { mergeWithLastSubmission: false });
  }

  /** Between the listener and oidc-provider: counts, and spoils what was ordered. */
  async #inFront(ctx, next) {
    const endpoint = this.endpoints[ctx.path] ?? 'other';
    this.#counts[endpoint] = (this.#counts[endpoint] ?? 0) + 1;
    const bend = BENDS.get(this.#take(endpoint));
    if (bend?.instead && (await bend.instead(ctx)) !== 'go on') return;
    // Naver knows no scopes; oidc-provider gives nothing without one.
    if (this.name === 'naver' && endpoint === 'authorization' && !ctx.query.scope) {
      ctx.query = { ...ctx.query, scope: 'openid' };
      ctx.req.originalUrl = `/${this.name}${ctx.req.url}`; // it finds the issuer's path by comparing the two
    }
    if (endpoint === 'profile' && this.name === 'naver') await this.#naverProfile(ctx);
    else await next();
    if (endpoint === 'token') {
      const code = ctx.oidc?.params?.code;
      if (code) this.#codes.set(code, (this.#codes.get(code) ?? 0) + 1);
      if (this.name === 'naver' && ctx.body) delete ctx.body.id_token;
    }
    const to = ctx.response.get('Location');
    if (to.startsWith(this.redirect)) {
      const other = BENDS.get(this.#take('answer'));
      if (other) ctx.set('Location', other.redirect(new URL(to)).href);
    }
    await bend?.after?.(ctx, this.#jwks[0]);
  }

  #take(endpoint) {
    const i = this.#bends.findIndex(
      (what) => what.split('.')[0] === endpoint || (endpoint === 'token' && what.startsWith('id_token.')),
    );
    return i < 0 ? null : this.#bends.splice(i, 1)[0];
  }

  async #naverProfile(ctx) {
    const token = await this.#oidc.AccessToken.find(
      /^Bearer (\S+)$/.exec(ctx.get('Authorization'))?.[1] ?? '',
    );
    ctx.status = token ? 200 : 401;
    ctx.body = token
      ? {
          resultcode: '00',
          message: 'success',
          response: { id: token.accountId, nickname: this.#claims(token.accountId).name },
        }
      : { resultcode: '024', message: 'Authentication failed' };
  }
}
