// Handing the answers in: once at a time, nothing lost when it fails, honest when it could not be kept.
import { ApiError, forgetPath, know, post } from '../api.js';
import { keep } from '../draft.js';
import { recall, remember } from '../storage.js';

const KEPT = 'unsaved';

export function send(draw) {
  let busy = false;
  let error = null;
  let result = recall(KEPT) ?? null;

  /** The token of the stored result, null if it was computed but not stored, undefined if it failed (or runs already). */
  async function run(body) {
    if (busy) return undefined;
    busy = true;
    error = null;
    draw();
    try {
      const answer = await post('tests', body);
      result = answer;
      forgetPath('home');
      if (!answer.saved) {
        remember(KEPT, answer);
        return null;
      }
      remember(KEPT, null);
      know(`tests/${answer.token}`, { ...answer, mine: true, feedback: 'none' });
      keep({ done: answer.token });
      return answer.token;
    } catch (e) {
      error = e instanceof ApiError ? e : new ApiError(0);
      return undefined;
    } finally {
      busy = false;
      draw();
    }
  }
  return { run, busy: () => busy, error: () => error, result: () => result };
}
