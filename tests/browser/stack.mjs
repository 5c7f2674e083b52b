// What a test may do behind the pages, where the stack is its own (MVTI_TEST_STACK): commands, SQL, people who sign in, and the owner's console.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { api, BASE, go, settled } from './lib.mjs';

export const STACK = process.env.MVTI_TEST_STACK;
const MVTI = resolve(import.meta.dirname, '../..', process.env.BUILD ?? 'build', 'mvti');

export const mvti = (...args) =>
  execFileSync(MVTI, ['--config', 'jobs.conf', ...args], { cwd: STACK, encoding: 'utf8' });
export const sql = (text) =>
  execFileSync('mariadb', ['--no-defaults', '--socket=run/mysql.sock', '-N', '-B', 'mvti', '-e', text], {
    cwd: STACK,
    encoding: 'utf8',
  }).trim();

/** Whether this provider's button is there. */
export const offered = async (id) => (await api('me')).providers.some((p) => p.id === id);

/** At the provider's page: this person, and on. */
export async function as(page, name, press = 'continue') {
  await page.waitForSelector('form input[name="name"]');
  await page.fill('input[name="name"]', name);
  await page.click(`button[name="${press}"]`);
}

/** From /login to the page that one came from, which may go on in the account's language at once. */
export async function signIn(page, name, back = '/me') {
  await go(page, `/login?return=${encodeURIComponent(back)}`);
  await page.click('.login-button.dev');
  await as(page, name);
  await page.waitForURL(({ href }) => [BASE + back, `${BASE}/en${back}`].includes(href));
  await settled(page);
}

/**
 * Where the console is. The test stack's public nginx has none; another one before the same workers has (stack_console_start), at a port of its own on
 * the same address, and cookies belong to the address. `make run ADMINS=dev:owner` has it at the site's.
 */
const PORT = STACK ? join(STACK, 'run/console.port') : '';
export const CONSOLE =
  PORT && existsSync(PORT) ? `http://127.0.0.1:${readFileSync(PORT, 'utf8').trim()}` : BASE;
