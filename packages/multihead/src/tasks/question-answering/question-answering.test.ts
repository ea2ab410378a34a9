import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { toyFolder } from '../../testing/toy.js';
import { AutoTokenizer } from '../../text/tokenizer/auto-tokenizer.js';
import type { Tokenizer } from '../../text/tokenizer/tokenizer.js';
import type { AnswerSpan } from './answer-spans.js';
import { QuestionAnswering, type QuestionAnsweringOptions, type WindowFeature } from './question-answering.js';

let tokenizer: Tokenizer;

beforeAll(async () => {
  tokenizer = await AutoTokenizer.fromPretrained(toyFolder());
});

const taskWith = (options: Partial<QuestionAnsweringOptions> = {}) => new QuestionAnswering({ tokenizer, ...options });

const ask = (context: string, answer: string, from = 0, question = 'was the film good') => {
  const start = context.indexOf(answer, from);
  return { id: 'q', question, context, answers: [{ text: answer, start }] };
};

async function windowsOf(example: ReturnType<typeof ask>, options: Partial<QuestionAnsweringOptions> = {}) {
  const [windows] = await taskWith(options).encode([example]);
  return windows as WindowFeature[];
}

/** The characters between a window's target tokens; undefined where the target is [CLS]. */
function targetText({ context }: { context: string }, { target, offsets }: WindowFeature): string | undefined {
  const [first, last] = target as readonly [number, number];
  if (first === 0 && last === 0) return undefined;
  return context.slice(offsets[first]?.[0], offsets[last]?.[1]);
}

describe('the target of a window', () => {
  const context = 'the book is fine the film is very great a book was bad';

  test.each(['the', 'bad', 'film is very', 'fine the film is very great a book was', context])(
    'is the tokens of the answer: %s',
    async (answer) => {
      const example = ask(context, answer);
      const [window] = await windowsOf(example);
      expect(targetText(example, window as WindowFeature)).toBe(answer);
    },
  );

  test('is [CLS] in each window that does not hold the whole answer, and right in the others', async () => {
    // 4 tokens of the question, 3 special ones, 5 of the context; windows begin at tokens 0, 2, 4, 6 and 7.
    const options = { maxLength: 12, stride: 3 };
    const words = context.split(' ');
    for (const [from, to] of [
      [0, 2],
      [2, 3],
      [4, 5],
      [5, 9],
      [4, 9],
      [10, 12],
      [3, 9],
    ] as const) {
      const answer = words.slice(from, to).join(' ');
      const example = ask(context, answer, words.slice(0, from).join(' ').length);
      const windows = await windowsOf(example, options);
      expect(windows.length).toBeGreaterThan(3);
      for (const window of windows) {
        const places = window.offsets.filter((offset) => offset !== undefined);
        const { start, text } = example.answers[0] as { start: number; text: string };
        const isWhole = (places[0]?.[0] as number) <= start && (places.at(-1)?.[1] as number) >= start + text.length;
        expect(targetText(example, window)).toBe(isWhole ? answer : undefined);
        expect(window.inputIds.length).toBeLessThanOrEqual(12);
      }
      const holding = windows.filter((window) => targetText(example, window) !== undefined);
      expect(holding.length > 0).toBe(to - from <= 5);
    }
  });

  test('covers an answer that begins or ends within a token', async () => {
    const example = ask('the filmbook is great', 'book is gre');
    const [window] = await windowsOf(example);
    expect(targetText(example, window as WindowFeature)).toBe('filmbook is great');
  });

  test('of the second of two equal stretches is the second', async () => {
    const example = ask('good film good film', 'good film', 5);
    const [window] = (await windowsOf(example)) as [WindowFeature];
    const [first] = window.target as readonly [number, number];
    expect(window.offsets[first]).toEqual([10, 14]);
  });

  test('is there only where an answer is', async () => {
    const [[window]] = (await taskWith().encode([{ ...ask(context, 'bad'), answers: [] }])) as [[WindowFeature]];
    expect(window.target).toBeUndefined();
    expect(Object.keys(taskWith().collate([window]))).not.toContain('start_positions');
  });
});

describe('offsets lead back to the characters', () => {
  // Emoji of one and several code points, combining accents, Chinese, control characters and odd spaces.
  const odd = ['😀', '👩‍👩‍👧‍👦', '🇨🇭', 'é', 'e\u0301', '北京', '𝒳', '\u200b', '\t', '\u00a0', '¿', 'ﬁ', '\u0000', 'İ'];

  test('of an answer that stands behind an emoji', async () => {
    const example = ask('😀👩‍👩‍👧‍👦 the film 🇨🇭 is great 😀', 'great');
    const [window] = (await windowsOf(example)) as [WindowFeature];
    const [first] = window.target as readonly [number, number];
    const [start, end] = window.offsets[first] as readonly [number, number];
    expect(example.context.slice(start, end)).toBe('great');
  });

  test('of any word among anything, and the prediction is that word', async () => {
    const piece = fc.oneof(fc.constantFrom('the ', 'film ', 'is '), fc.constantFrom(...odd), fc.constant(' '));
    await fc.assert(
      fc.asyncProperty(fc.array(piece), fc.array(piece), async (before, after) => {
        const context = `${before.join('')} great ${after.join('')}`;
        const example = { ...ask(context, 'great'), answers: [{ text: 'great', start: before.join('').length + 1 }] };
        const task = taskWith();
        const [[window]] = (await task.encode([example])) as [[WindowFeature]];
        expect(targetText(example, window)).toBe('great');
        // A model that is sure of the target:
        const [first, last] = window.target as readonly [number, number];
        const sure = (token: number) => ({
          dtype: 'float32' as const,
          shape: [1, window.inputIds.length],
          data: Float32Array.from(window.inputIds, (_, i) => (i === token ? 10 : 0)),
        });
        const spans = task.decode({ start_logits: sure(first), end_logits: sure(last) }, 0, window);
        const prediction = task.combine(example, [spans]);
        expect(prediction.answer).toBe('great');
        expect(context.slice(prediction.start, prediction.end)).toBe('great');
        expect(task.metrics([prediction], [example]).metrics).toEqual({ exact_match: 100, f1: 100 });
      }),
      { numRuns: 60 },
    );
  });
});

describe('a batch', () => {
  test('has the targets of its windows', async () => {
    const task = taskWith();
    const examples = [ask('the film is bad', 'film'), ask('bad', 'bad')];
    const windows = (await task.encode(examples)).flat();
    const { start_positions, end_positions, input_ids } = task.collate(windows);
    expect(start_positions).toEqual({ dtype: 'int64', shape: [2], data: BigInt64Array.of(7n, 6n) });
    expect(end_positions?.data).toEqual(start_positions?.data);
    expect(input_ids?.shape).toEqual([2, 11]);
  });

  test('keeps [CLS] as the target of a window without one, wherever it stands among the others', async () => {
    const task = taskWith();
    const [[answered]] = (await task.encode([ask('the film is bad', 'film')])) as [[WindowFeature]];
    const { target: _, ...unanswered } = answered;
    for (const [windows, positions] of [
      [
        [answered, unanswered],
        [7n, 0n],
      ],
      [
        [unanswered, answered],
        [0n, 7n],
      ],
    ] as const) {
      expect(task.collate(windows).start_positions?.data).toEqual(BigInt64Array.of(...positions));
    }
  });
});

/** A window with its spans; no answer scores 0 there, or as said. */
const window = (...spans: AnswerSpan[]) => ({ spans, nothing: { start: 0, end: 0, score: 0, startScore: 0 } });

describe('predictions', () => {
  test('come from the best of all windows', async () => {
    const task = taskWith();
    const example = ask('the film is great', 'great');
    const span = (text: string, score: number) => {
      const start = example.context.indexOf(text);
      return { start, end: start + text.length, score, startScore: score / 4 };
    };
    const { answer, score, nBest } = task.combine(example, [
      window(span('the', 1)),
      window(span('film is', 2), span('is', 0)),
      window(),
    ]);
    expect(answer).toBe('film is');
    expect(score).toBeGreaterThan(0.6);
    expect(nBest.map(({ answer }) => answer)).toEqual(['film is', 'the', 'is']);
    expect(nBest[0]).toMatchObject({ startLogit: 0.5, endLogit: 1.5 });
  });

  test('are empty where no window has a span', () => {
    const example = ask('the film is great', 'great');
    expect(taskWith().combine(example, [window(), window()])).toEqual({
      answer: '',
      score: 0,
      start: 0,
      end: 0,
      nBest: [],
    });
  });

  test('a question that leaves no room for its context is refused', async () => {
    const example = ask('the film is great', 'great');
    await expect(taskWith({ maxLength: 8, stride: 2 }).encode([example])).rejects.toThrow(/stride|room|length/);
  });
});
