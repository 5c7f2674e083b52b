// What this browser knows of its visitor without an account: the type of the newest test seen here.
import { recall, remember } from './storage.js';

/** Keeps the personality of a result that is one's own. */
export const knowMe = ({ mbti, enneagram }) => remember('me', { mbti, enneagram });

/** {mbti, enneagram} or {}: for the match shown on film and character pages. */
export const me = () => recall('me') ?? {};
