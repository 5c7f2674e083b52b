// Browsers inside other apps, where Google signs nobody in (its answer there is 403 disallowed_useragent), and the ways
// out of them into a real one. Told by the user agent, because nothing else tells; tests/browser/inapp.test.mjs has the table.

/** Apps by the names that they write into their user agents. */
const APPS = [
  ['kakaotalk', /KAKAOTALK(?!-scrap)/i],
  ['line', /\bLine\/\d/i],
  ['naver', /NAVER\(|\bNAVER\//],
  ['daum', /Daum(?:Apps|Device)/i],
  ['instagram', /Instagram/],
  ['facebook', /FBAN|FBAV|FB_IAB|FBIOS|FB4A/],
  ['threads', /Barcelona/],
  ['everytime', /everytime/i],
  ['tiktok', /musical_ly|TikTok|BytedanceWebview|\btrill_/i],
  ['snapchat', /Snapchat/i],
  ['wechat', /MicroMessenger/i],
  ['twitter', /Twitter for |TwitterAndroid/i],
  ['pinterest', /Pinterest(?!bot)/i],
  ['zum', /zumapp/i],
  ['kakaostory', /KAKAOSTORY/i],
  ['band', /\bBAND\/\d/],
  ['linkedin', /LinkedInApp/i],
];

const ANDROID = /Android/;
const IOS = /iPhone|iPad|iPod/;

/**
 * {name, os} of the app around this page, null in a browser. os: android | ios | other.
 * standalone: the page was opened from the home screen of an iPhone, whose user agent looks like an app's.
 */
export function inApp(ua, standalone = false) {
  const os = ANDROID.test(ua) ? 'android' : IOS.test(ua) ? 'ios' : 'other';
  const named = APPS.find(([, pattern]) => pattern.test(ua));
  if (named) return { name: named[0], os };
  // Whatever shows pages without being a browser: Android says so, and on iOS only browsers write "Safari/".
  if (os === 'android' && /; ?wv\)/.test(ua)) return { name: 'webview', os };
  if (os === 'ios' && !standalone && /AppleWebKit/.test(ua) && !/Safari\//.test(ua))
    return { name: 'webview', os };
  return null;
}

/** The address that opens href in a real browser; null where an app has none, so that its menu is the way. */
export function wayOut({ name, os }, href) {
  if (name === 'kakaotalk') return `kakaotalk://web/openExternal?url=${encodeURIComponent(href)}`;
  const url = new URL(href);
  if (name === 'line') {
    url.searchParams.set('openExternalBrowser', '1');
    return url.href;
  }
  // WeChat opens no intents. No package: the browser is the one that the person has chosen.
  if (os !== 'android' || name === 'wechat') return null;
  const scheme = url.protocol.slice(0, -1);
  return `intent://${url.host}${url.pathname}${url.search}#Intent;scheme=${scheme};action=android.intent.action.VIEW;category=android.intent.category.BROWSABLE;end`;
}
