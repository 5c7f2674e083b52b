// Handing the answers in: once at a time, nothing lost when it fails, honest when it could not be kept.
import { ApiError, forgetPath, know, post } from '../api.js';
import { keep } from '../draft.js';
import { forgetHere, recall, recallHere, remember, rememberHere } from '../storage.js';

const KEPT = 'unsaved';

const SENDING = 'sending';

/** A random UUID (RFC 9562, version 4); crypto.randomUUID is only there on https. */
function uuid() {
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6] & 0x0f) | 0x40;
  b[8] = (b[8] & 0x3f) | 0x80;
  return [...b]
    .map((x, i) => ([4, 6, 8, 10].includes(i) ? '-' : '') + x.toString(16).padStart(2, '0'))
    .join('');
}

/**
 * The key of this submission: the same for the same answers until the server has said what became of them, also after
 * a reload, so that an answer that was lost on its way leaves one test and not two.
 */
function keyFor(text) {
  const kept = recallHere(SENDING);
  if (kept?.text === text) return kept.key;
  const key = uuid();
  rememberHere(SENDING, { key, text });
  return key;
}

/** Whether an error says that these answers will never be taken; whatever else it says, they may be there already. */
const refused = (error) => error?.kind === 'invalid' && ![401, 403, 408, 409, 425].includes(error.status);

/** settle(token) is called when a test has been stored: what becomes of the draft. */
export function send(draw, settle = (token) => keep({ done: token })) {
  let sent = null; // {text, token}: a second press before the result is shown is not a second test
  let busy = false;
  let error = null;
  let result = recall(KEPT) ?? null;

  /** The token of the stored result, null if it was computed but not stored, undefined if it failed (or runs already). */
  async function run(body) {
    const text = JSON.stringify(body);
    if (sent?.text === text) return sent.token;
    if (busy) return undefined;
    busy = true;
    error = null;
    draw();
    try {
      const answer = await post('tests', body, { 'Idempotency-Key': keyFor(text) });
      result = answer;
      forgetPath('home');
      if (!answer.saved) {
        remember(KEPT, answer);
        return null;
      }
      forgetHere(SENDING);
      remember(KEPT, null);
      sent = { text, token: answer.token };
      know(`tests/${answer.token}`, {
        ...answer,
        mine: true,
        feedback: { same: 'none', compatible: 'none' },
      });
      settle(answer.token);
      return answer.token;
    } catch (e) {
      error = e.kind === 'age' ? null : e instanceof ApiError ? e : new ApiError(0);
      if (refused(error)) forgetHere(SENDING);
      return undefined;
    } finally {
      busy = false;
      draw();
    }
  }
  const refuses = (field) => refused(error) && Boolean(error.problem.errors?.some((e) => e.field === field));
  return { run, refuses, busy: () => busy, error: () => error, result: () => result };
}
