// Without a connection: the last result of one's own is there, whichever way the site is opened, and goes with its owner.
import assert from 'node:assert/strict';
import { BASE, check, go, seen, settled, takeTest, until, visitor } from './lib.mjs';

const keeps = (page) =>
  page.evaluate(async () => {
    const cache = await caches.open('mvti-result');
    return (await cache.keys()).map((r) => new URL(r.url).pathname);
  });

/** Who has a result that is kept: {page, context, token}. */
async function keeper(options) {
  const it = await visitor({ serviceWorkers: 'allow', ...options });
  await takeTest(it.page);
  const token = new URL(it.page.url()).pathname.split('/').pop();
  await until(async () => (await keeps(it.page)).includes(`/api/v1/tests/${token}`), 'the result is kept');
  return { ...it, token };
}

for (const lang of ['ko', 'en'])
  check(`offline: the installed site opens on the last result (${lang})`, async () => {
    const { page, context, token } = await keeper({ lang });
    const who = await seen(page, '.meet h1');
    await context.setOffline(true);
    await page.goto(`${BASE}/`);
    await settled(page);
    assert.equal(new URL(page.url()).pathname, `${lang === 'ko' ? '' : '/en'}/r/${token}`);
    assert.equal(await seen(page, '.meet h1'), who);
    await page.waitForSelector('#compatible .match');
    await context.setOffline(false);
    await page.goto(`${BASE}/`);
    await settled(page);
    assert.match(
      new URL(page.url()).pathname,
      /^\/(?:en)?$/,
      'with a connection the first page is the first page',
    );
  });

check('offline: the next result takes the place of the last, and a deleted one is not kept', async () => {
  const { page, token } = await keeper();
  await takeTest(page, 'ENFJ', [3, 4, 5]);
  const next = new URL(page.url()).pathname.split('/').pop();
  await until(async () => (await keeps(page)).includes(`/r/${next}`), 'the next result is kept');
  await until(async () => !(await keeps(page)).some((path) => path.includes(token)), 'the one before is not');
  await go(page, '/me');
  await page.locator('.mytests button').first().click();
  await until(async () => (await keeps(page)).length === 0, 'nothing is kept of what is deleted');
});

check('offline: who only reads what a friend sent keeps nothing', async () => {
  const { token } = await keeper();
  const { page } = await visitor({ serviceWorkers: 'allow' });
  await go(page, `/r/${token}`);
  await page.waitForLoadState('networkidle');
  assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0);
});
