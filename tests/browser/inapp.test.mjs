// Browsers inside apps, by user agents as the apps send them: who is told, and the way out that each is offered.
import assert from 'node:assert/strict';
import { inApp, wayOut } from '../../www/js/inapp.js';
import { BASE, api, check, counts, go, says, visitor } from './lib.mjs';

const ANDROID = (rest, inside = '; wv') =>
  `Mozilla/5.0 (Linux; Android 14; SM-S921N Build/UP1A.231005.007${inside}) AppleWebKit/537.36 (KHTML, like Gecko) ${rest}`;
const WEBVIEW = 'Version/4.0 Chrome/128.0.6613.127 Mobile Safari/537.36';
const IPHONE = (rest, version = '17_5_1') =>
  `Mozilla/5.0 (iPhone; CPU iPhone OS ${version} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) ${rest}`;
const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko)';
const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)';

/** [what, user agent, name, way]: way is kakao | line | intent | none. */
const INSIDE = [
  ['KakaoTalk, Android', ANDROID(`${WEBVIEW};KAKAOTALK 2410850`), 'kakaotalk', 'kakao'],
  ['KakaoTalk, Android, newer', ANDROID(`${WEBVIEW} KAKAOTALK/25.4.2 (INAPP)`), 'kakaotalk', 'kakao'],
  ['KakaoTalk, iPhone', IPHONE('Mobile/15E148 KAKAOTALK/25.2.1 (INAPP)'), 'kakaotalk', 'kakao'],
  [
    'KakaoTalk, iPad',
    'Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 KAKAOTALK 10.3.1',
    'kakaotalk',
    'kakao',
  ],
  ['KakaoStory', ANDROID(`${WEBVIEW} KAKAOSTORY/6.30.0`), 'kakaostory', 'intent'],
  ['LINE, Android', ANDROID(`${WEBVIEW} Line/14.15.1/IAB`), 'line', 'line'],
  ['LINE, iPhone', IPHONE('Mobile/15E148 Safari Line/14.15.0'), 'line', 'line'],
  [
    'Naver, Android',
    ANDROID(
      'Version/4.0 Chrome/102.0.5005.189 Whale/1.0.0.0 Crosswalk/27.102.0.21 Mobile Safari/537.36 NAVER(inapp; search; 2000; 12.9.4)',
    ),
    'naver',
    'intent',
  ],
  [
    'Naver, iPhone, which calls itself Safari',
    IPHONE('Version/16.5 Mobile/15E148 Safari/605.1 NAVER(inapp; search; 1010; 11.24.5; 12PRO)'),
    'naver',
    'none',
  ],
  ['Naver cafe', ANDROID(`${WEBVIEW} NAVER(inapp; cafe; 1060; 7.9.1)`), 'naver', 'intent'],
  ['Daum, Android', ANDROID(`${WEBVIEW} DaumApps/7.2.0 DaumDevice/mobile`), 'daum', 'intent'],
  ['Daum, iPhone', IPHONE('Mobile/15E148 DaumApps/7.1.3'), 'daum', 'none'],
  [
    'Instagram, Android',
    ANDROID(
      `${WEBVIEW} Instagram 345.0.0.48.95 Android (34/14; 480dpi; 1080x2340; samsung; SM-S921N; e1s; s5e9945; ko_KR; 634108168)`,
    ),
    'instagram',
    'intent',
  ],
  [
    'Instagram, iPhone',
    IPHONE(
      'Mobile/15E148 Instagram 345.0.0.34.94 (iPhone15,2; iOS 17_5_1; ko_KR; ko; scale=3.00; 1179x2556; 634108168)',
    ),
    'instagram',
    'none',
  ],
  ['Facebook, Android', ANDROID(`${WEBVIEW} [FB_IAB/FB4A;FBAV/480.0.0.54.88;]`), 'facebook', 'intent'],
  [
    'Facebook, iPhone',
    IPHONE(
      'Mobile/15E148 [FBAN/FBIOS;FBAV/476.0.0.36.107;FBBV/630286371;FBDV/iPhone15,2;FBMD/iPhone;FBSN/iOS;FBSV/17.5.1;FBLC/ko_KR]',
    ),
    'facebook',
    'none',
  ],
  [
    'Messenger, iPhone',
    IPHONE('Mobile/15E148 [FBAN/MessengerForiOS;FBAV/470.0.0;FBLC/ko_KR]'),
    'facebook',
    'none',
  ],
  [
    'Threads, Android',
    ANDROID(`${WEBVIEW} Barcelona 350.0.0.33.109 Android (34/14; 480dpi; 1080x2340; samsung; SM-S921N)`),
    'threads',
    'intent',
  ],
  [
    'Threads, iPhone',
    IPHONE(
      'Mobile/15E148 Barcelona 350.0.0.21.107 (iPhone16,1; iOS 17_5_1; ko_KR; ko; scale=3.00; 1179x2556; 646110467) NW/3',
    ),
    'threads',
    'none',
  ],
  ['Everytime, Android', ANDROID(`${WEBVIEW} everytimeApp`), 'everytime', 'intent'],
  ['Everytime, iPhone', IPHONE('Mobile/15E148 everytimeApp'), 'everytime', 'none'],
  [
    'TikTok, Android',
    ANDROID(
      `${WEBVIEW} trill_2023505030 JsSdk/1.0 NetType/WIFI Channel/googleplay AppName/musical_ly app_version/35.5.3 ByteLocale/ko-KR BytedanceWebview/d8a21c6`,
    ),
    'tiktok',
    'intent',
  ],
  [
    'TikTok, iPhone',
    IPHONE(
      'Mobile/15E148 musical_ly_36.1.0 JsSdk/2.0 NetType/WIFI Channel/App Store ByteLocale/ko Region/KR BytedanceWebview/d8a21c6',
    ),
    'tiktok',
    'none',
  ],
  [
    'Snapchat, iPhone',
    IPHONE('Version/17.5 Mobile/15E148 Safari/604.1 Snapchat/13.10.0.43 (like Safari/8618.2.12.10.9, panda)'),
    'snapchat',
    'none',
  ],
  [
    'WeChat, Android',
    ANDROID(
      'Version/4.0 Chrome/116.0.0.0 Mobile Safari/537.36 XWEB/1160117 MMWEBSDK/20240404 MicroMessenger/8.0.49.2600(0x28003133) WeChat/arm64 Weixin NetType/WIFI Language/ko',
    ),
    'wechat',
    'none',
  ],
  [
    'WeChat, iPhone',
    IPHONE('Mobile/15E148 MicroMessenger/8.0.50(0x18003226) NetType/WIFI Language/ko'),
    'wechat',
    'none',
  ],
  ['X, iPhone', IPHONE('Mobile/21F90 Twitter for iPhone/10.58'), 'twitter', 'none'],
  ['X, Android', ANDROID(`${WEBVIEW} TwitterAndroid`), 'twitter', 'intent'],
  ['Pinterest, iPhone', IPHONE('Mobile/15E148 [Pinterest/iOS]'), 'pinterest', 'none'],
  ['Pinterest, Android', ANDROID(`${WEBVIEW} [Pinterest/Android]`), 'pinterest', 'intent'],
  ['Zum', ANDROID(`${WEBVIEW} zumapp/3.2.1`), 'zum', 'intent'],
  ['Band, Android', ANDROID(`${WEBVIEW} BAND/17.3.1.1 (Android OS 14;SM-S921N)`), 'band', 'intent'],
  ['Band, iPhone', IPHONE('Mobile/15E148 BAND/17.3.0 (iOS OS 17.5.1;iPhone 14 Pro)'), 'band', 'none'],
  ['an app nobody has named, Android', ANDROID(WEBVIEW), 'webview', 'intent'],
  ['an app nobody has named, iPhone', IPHONE('Mobile/15E148'), 'webview', 'none'],
  [
    'an app nobody has named, iPad',
    'Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148',
    'webview',
    'none',
  ],
];

const BROWSERS = [
  ['Samsung Internet', ANDROID('SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36', '')],
  [
    'Samsung Internet, reduced',
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36',
  ],
  [
    'Chrome, Android',
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Mobile Safari/537.36',
  ],
  ['Firefox, Android', 'Mozilla/5.0 (Android 14; Mobile; rv:129.0) Gecko/129.0 Firefox/129.0'],
  [
    'Edge, Android',
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Mobile Safari/537.36 EdgA/128.0.0.0',
  ],
  ['Whale, Android', ANDROID('Chrome/122.0.0.0 Whale/3.5.1.1 Mobile Safari/537.36', '')],
  [
    'Mi Browser',
    ANDROID('Version/4.0 Chrome/112.0.5615.136 Mobile Safari/537.36 XiaoMi/MiuiBrowser/14.15.0-gn', ''),
  ],
  [
    'DuckDuckGo, Android',
    'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/128.0.0.0 Mobile DuckDuckGo/5 Safari/537.36',
  ],
  [
    'Opera, Android',
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36 OPR/84.0.0.0',
  ],
  ['Safari, iPhone', IPHONE('Version/17.5 Mobile/15E148 Safari/604.1')],
  ['Chrome, iPhone', IPHONE('CriOS/128.0.6613.98 Mobile/15E148 Safari/604.1')],
  ['Firefox, iPhone', IPHONE('FxiOS/129.0 Mobile/15E148 Safari/605.1.15')],
  ['Edge, iPhone', IPHONE('Version/17.0 EdgiOS/128.0.2739.60 Mobile/15E148 Safari/605.1.15')],
  ['Whale, iPhone', IPHONE('Version/17.5 Whale/3.2.1 Mobile/15E148 Safari/604.1')],
  ['the Google app, iPhone', IPHONE('GSA/330.0.665236494 Mobile/15E148 Safari/604.1')],
  [
    'Safari, iPad as a desktop',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15',
  ],
  ['Chrome, Mac', `${MAC} Chrome/128.0.0.0 Safari/537.36`],
  ['Chrome, Windows', `${WINDOWS} Chrome/128.0.0.0 Safari/537.36`],
  ['Edge, Windows', `${WINDOWS} Chrome/128.0.0.0 Safari/537.36 Edg/128.0.0.0`],
  ['Whale, Windows', `${WINDOWS} Chrome/126.0.0.0 Whale/3.27.254.15 Safari/537.36`],
  ['Firefox, Linux', 'Mozilla/5.0 (X11; Linux x86_64; rv:129.0) Gecko/20100101 Firefox/129.0'],
];

const HREF = 'https://mvti.example/login?return=%2Fc%2F12&x=1';
const WAYS = {
  kakao: `kakaotalk://web/openExternal?url=${encodeURIComponent(HREF)}`,
  line: `${HREF}&openExternalBrowser=1`,
  intent:
    'intent://mvti.example/login?return=%2Fc%2F12&x=1#Intent;scheme=https;action=android.intent.action.VIEW;category=android.intent.category.BROWSABLE;end',
  none: null,
};

check('user agents: who is inside an app, and the way out of each', () => {
  for (const [what, ua, name, way] of INSIDE) {
    const app = inApp(ua);
    assert.equal(app?.name, name, what);
    assert.equal(app.os, /Android/.test(ua) ? 'android' : 'ios', what);
    assert.equal(wayOut(app, HREF), WAYS[way], what);
  }
  for (const [what, ua] of BROWSERS) assert.equal(inApp(ua), null, what);
  assert.equal(inApp(IPHONE('Mobile/15E148'), true), null, 'opened from the home screen');
});

for (const lang of ['ko', 'en']) {
  check(`inside an app Google gives way to the way out, and the others stay (${lang})`, async () => {
    const { providers } = await api('me');
    if (!providers.some((p) => p.id === 'google')) return;
    for (const [what, userAgent, , way] of INSIDE.filter(([w]) =>
      /^(KakaoTalk, iPhone|LINE, Android|Naver, Android|Instagram, iPhone|an app nobody has named, Android)$/.test(
        w,
      ),
    )) {
      const { page, context } = await visitor({ lang, userAgent });
      await context.grantPermissions(['clipboard-read', 'clipboard-write']);
      await go(page, '/login?return=/c/12');
      await counts(page.locator('.login-button.google'), 0, what);
      await counts(page.locator('.login-button'), providers.length - 1, what);
      const note = page.locator('.login-note');
      await says(
        page.locator('.login-note').first(),
        lang === 'ko' ? /다른 브라우저로 열어 주세요/ : /another browser/,
      );
      await says(page.locator('.login-note').first(), /iPhone/.test(userAgent) ? /Safari/ : /Chrome/);
      const links = await note.locator('a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
      const out = {
        kakao: /^kakaotalk:/,
        line: /openExternalBrowser=1/,
        intent: /^intent:\/\/127\.0\.0\.1.*scheme=http;/,
      }[way];
      assert.equal(links.length, out ? 1 : 0, what);
      if (out) assert.match(links[0], out, what);
      await note.locator('button').click();
      await page.waitForSelector('.toast');
      assert.equal(
        await page.evaluate(() => navigator.clipboard.readText()),
        `${BASE}${lang === 'ko' ? '' : '/en'}/login?return=/c/12`,
        what,
      );
    }
  });
}

check('in a browser nothing stands in the way of Google', async () => {
  if (!(await api('me')).providers.some((p) => p.id === 'google')) return;
  for (const [what, userAgent] of BROWSERS.slice(0, 2)) {
    const { page } = await visitor({ userAgent });
    await go(page, '/login');
    await counts(page.locator('.login-button.google'), 1, what);
    await counts(page.locator('.login-note'), 0, what);
  }
});
