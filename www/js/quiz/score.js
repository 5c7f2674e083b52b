// What the percentages of the axes say: lib/domain/survey.h and graded.h make them, irt.js shows them before anything is sent.

const AXES = ['EI', 'SN', 'TF', 'JP'];

export const nearMiddle = (percent) => percent >= 45 && percent <= 55;

/** The type with the letter of one axis turned over. */
export function neighbour(mbti, axis) {
  const at = AXES.indexOf(axis);
  const other = axis[0] === mbti[at] ? axis[1] : axis[0];
  return mbti.slice(0, at) + other + mbti.slice(at + 1);
}
