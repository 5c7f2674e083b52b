// What the visitor has said of their age. It is a cookie, because the server holds to it too (cgi/dispatch.c): of who is under 14 nothing is
// stored there, and here nothing outlives the visit.

const YEAR_AND_MORE = 400 * 24 * 3600;
const kept = () => /(?:^|; )mvti-over14=(yes|no)(?:;|$)/.exec(document.cookie)?.[1];
let said = kept();

/** 'yes', 'no', or undefined as long as nobody has asked. */
export const over14 = () => said;
export const young = () => said === 'no';

/** Another tab may have been told. */
export function hearAge() {
  said = kept() ?? said;
}

/** A no is over with the visit: who is not 14 yet will be, and others use the same browser. */
export function sayAge(answer) {
  said = answer;
  const secure = location.protocol === 'https:' ? '; Secure' : '';
  const life = answer === 'no' ? '' : `; Max-Age=${answer ? YEAR_AND_MORE : 0}`;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is neither in every browser nor on plain HTTP
  document.cookie = `mvti-over14=${answer ?? ''}; Path=/; SameSite=Lax${life}${secure}`;
}
