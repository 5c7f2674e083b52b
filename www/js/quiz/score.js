// The survey's arithmetic, the same as the server's (lib/domain/survey.h): what the axes say before anything is sent.

const SECOND = { EI: 'I', SN: 'N', TF: 'F', JP: 'P' };

/** items of GET survey, answers −2…2 → {mbti, axes: [{axis, percent}]}; percent leans to I, N, F, P. */
export function score(items, answers) {
  const axes = Object.keys(SECOND).map((axis) => {
    const second = SECOND[axis];
    const own = items.map((item, i) => [item, answers[i]]).filter(([item]) => item.axis === axis);
    const lean = ([item, a]) => (item.pole === second ? a : -a);
    const sum = own.reduce((s, one) => s + lean(one), 0);
    const decider = own.find(([item]) => item.tiebreak);
    const side = sum || (decider ? lean(decider) : 0);
    return {
      axis,
      percent: Math.round(50 + (50 * sum) / (2 * own.length)),
      letter: side < 0 ? axis[0] : second,
    };
  });
  return {
    mbti: axes.map((a) => a.letter).join(''),
    axes: axes.map(({ axis, percent }) => ({ axis, percent })),
  };
}

export const nearMiddle = (percent) => percent >= 45 && percent <= 55;

/** The type with the letter of one axis turned over. */
export function neighbour(mbti, axis) {
  const at = Object.keys(SECOND).indexOf(axis);
  const other = axis[0] === mbti[at] ? axis[1] : axis[0];
  return mbti.slice(0, at) + other + mbti.slice(at + 1);
}
