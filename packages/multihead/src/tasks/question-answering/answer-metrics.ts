/** @file Collects answers and computes their metrics. */
import type { NamedQuestion } from '../../data/examples/question-answering/question-ids.js';
import type { QuestionAnsweringExample } from '../../data/examples/question-answering/squad.js';
import { evaluateCmrc } from '../../metrics/question-answering/cmrc.js';
import { evaluateSquad } from '../../metrics/question-answering/squad.js';
import { bestThresholds, evaluateSquadV2 } from '../../metrics/question-answering/squad-v2.js';
import { flattenString } from '../../platform/flatten-string.js';
import type { Evaluation, MetricsCollector } from '../task.js';
import type { AnswerPrediction, QuestionAnswering } from './question-answering.js';

/** What is kept of an example: the answers that would be right. */
type Reference = Pick<NamedQuestion, 'id'> & { readonly answers: readonly { readonly text: string }[] };

/** What is kept of a prediction: the answer, and where there may be none, the best one that there is. */
interface Kept {
  readonly answer: string;
  readonly best: string;
  readonly noAnswerScore: number;
}

/** Of each question it keeps its id, the right answers and the predicted one; no question, no context. */
export class AnswerCollector implements MetricsCollector<QuestionAnsweringExample, AnswerPrediction> {
  private readonly references: Reference[] = [];
  private readonly predictions: Kept[] = [];

  constructor(private readonly task: Pick<QuestionAnswering, 'language' | 'versionTwo'>) {}

  add(predictions: readonly AnswerPrediction[], examples: readonly QuestionAnsweringExample[]): void {
    for (const [i, { id, answers }] of examples.entries()) {
      const texts = answers.map(({ text }) => ({ text: flattenString(text) }));
      this.references.push({ id: id ?? `${this.references.length}`, answers: texts });
      const { answer, nBest, nullScoreDifference: noAnswerScore = 0 } = predictions[i] as AnswerPrediction;
      const best = this.task.versionTwo ? (nBest.find((other) => other.answer !== '')?.answer ?? '') : '';
      this.predictions.push({ answer: flattenString(answer), best: flattenString(best), noAnswerScore });
    }
  }

  evaluation(): Evaluation {
    const found = this.task.versionTwo ? this.scoresWithNone() : this.scores();
    const lines = Object.entries({ ...found, questions: this.references.length }).map(([name, value]) => {
      const words = name.replaceAll('_', ' ').replace(/^f1$/, 'F1');
      return `${words.padEnd(18)}${name === 'questions' || name.endsWith('total') ? value : value.toFixed(2)}`;
    });
    return { metrics: found, mainMetric: 'f1', report: lines.join('\n') };
  }

  private byId<Value>(of: (kept: Kept) => Value): Record<string, Value> {
    return Object.fromEntries(this.references.map(({ id }, i) => [id, of(this.predictions[i] as Kept)]));
  }

  private scores(): Record<string, number> {
    const answers = this.byId(({ answer }) => answer);
    if (this.task.language === 'en') {
      const { exactMatch, f1 } = evaluateSquad(answers, this.references);
      return { exact_match: exactMatch, f1 };
    }
    const { exactMatch, f1, average } = evaluateCmrc(answers, this.references);
    return { exact_match: exactMatch, f1, average };
  }

  /** Computes SQuAD v2's scores, and those with the best threshold, searched on the best non-null answers. */
  private scoresWithNone(): Record<string, number> {
    const said = this.byId(({ answer, noAnswerScore }) => ({ answer, noAnswerScore }));
    const best = this.byId(({ best: answer, noAnswerScore }) => ({ answer, noAnswerScore }));
    return { ...evaluateSquadV2(said, this.references), ...bestThresholds(best, this.references) };
  }
}
