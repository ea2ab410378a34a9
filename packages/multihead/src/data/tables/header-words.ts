/** @file Words that distinguish column names from texts and labels. */

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));

/** The last word of names of columns of texts: `Customer Message`, `review_text`. */
const ofTexts = words(
  'text texts message messages body comment comments review reviews sentence sentences question questions content ' +
    'contents description query utterance document tweet post feedback note notes email headline title summary transcript ' +
    'article abstract statement phrase input request complaint answer reply response remark',
);
/** The same of labels: `Issue Type`. */
const ofLabels = words(
  'label labels class classes category categories type topic topics intent intents sentiment target tag tags score rating ' +
    'stars polarity emotion department kind group status priority genre subject',
);
/** Words that stand before these. */
const before = words('customer user client raw full original main the ticket issue product clean cleaned processed');

const chinese = {
  text: /^\p{Script=Han}{0,4}(正文|文本|内容|评论|句子|问题|文章|描述|留言|标题|消息|原文|反馈)$/u,
  label: /^\p{Script=Han}{0,4}(标签|类别|分类|类型|情感|主题|话题|意图|评分|等级)$/u,
};

/** What is in a cell, as words in lower case: `reviewText`, `review_text` and `Review Text` are the same two. */
const wordsOf = (cell: unknown): string[] =>
  String(cell)
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[\s_.\-/]+/)
    .filter((word) => word !== '');

/** Whether a cell reads as the name of a column of texts, or of labels. */
export function isNameOf(role: 'text' | 'label', cell: unknown): boolean {
  if (chinese[role].test(String(cell).trim())) return true;
  const found = wordsOf(cell);
  return found.length <= 4 && (role === 'text' ? ofTexts : ofLabels).has(found.at(-1) ?? '');
}

/** Whether a cell has no word but such as names of columns of texts have: a text could hardly be so. */
export function isNothingButName(cell: unknown): boolean {
  if (chinese.text.test(String(cell).trim())) return true;
  const found = wordsOf(cell);
  return isNameOf('text', cell) && found.every((word) => ofTexts.has(word) || before.has(word));
}

/** The number of words; Chinese has no spaces, and about two characters a word. */
export const countWords = (cell: unknown): number =>
  wordsOf(cell).reduce(
    (sum, word) => sum + Math.max(1, Math.ceil((word.match(/\p{Script=Han}/gu)?.length ?? 0) / 2)),
    0,
  );

/** Whether a cell may be a name: short, no number, and not ended as a sentence is. */
export function mayBeName(cell: unknown): boolean {
  const text = String(cell).trim();
  const isNumber = Number.isFinite(Number(text));
  return text !== '' && text.length <= 60 && countWords(text) <= 8 && !/[.!…;,。！；，]$/.test(text) && !isNumber;
}
