// The work of a new visitor's browser before its first write (lib/auth/guest.h): eight short searches with SHA-256. In slices, so that
// the page answers to its visitor meanwhile. WebCrypto's digest is not there over plain HTTP, and a promise for each of 33,000
// hashes costs more than the hashes.

const K = new Uint32Array([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
  0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
  0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
  0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
  0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
  0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
  0xc67178f2,
]);
const START = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
];
const PARTS = 8;
const SLICE = 8; // ms, half a frame

/** First 32 bits of SHA-256 (FIPS 180-4) of at most 55 ASCII characters. */
export function hash32(text) {
  const w = new Uint32Array(64);
  for (let i = 0; i < text.length; i += 1) w[i >> 2] |= text.charCodeAt(i) << (24 - 8 * (i & 3));
  w[text.length >> 2] |= 0x80 << (24 - 8 * (text.length & 3));
  w[15] = text.length * 8;
  return compress(w);
}

const turn = (x, n) => (x >>> n) | (x << (32 - n));

function compress(w) {
  for (let i = 16; i < 64; i += 1) {
    const a = w[i - 15],
      b = w[i - 2];
    w[i] =
      w[i - 16] +
      (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) +
      w[i - 7] +
      (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
  }
  let [a, b, c, d, e, f, g, h] = START;
  for (let i = 0; i < 64; i += 1) {
    const t = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
    const u = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t) | 0;
    d = c;
    c = b;
    b = a;
    a = (t + u) | 0;
  }
  return (a + START[0]) >>> 0;
}

const rest = () =>
  new Promise((done) => {
    setTimeout(done);
  });

/** The answer to a challenge of the site, "CHALLENGE.N0.N1. … .N7". */
export async function prove(challenge) {
  const [bits, , , mac] = challenge.split('.');
  const least = 2 ** (32 - Number(bits));
  const found = [];
  let until = performance.now() + SLICE;
  for (let part = 0, n = 0; part < PARTS; n += 1) {
    if (hash32(`${mac}:${part}:${n}`) < least) {
      found.push(n);
      part += 1;
      n = -1;
    }
    if ((n & 63) === 63 && performance.now() > until) {
      await rest();
      until = performance.now() + SLICE;
    }
  }
  return [challenge, ...found].join('.');
}
