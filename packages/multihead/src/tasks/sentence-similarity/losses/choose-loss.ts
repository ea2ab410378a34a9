/** @file The loss of a run: the named one, or that which goes with the form of the data. */
import type { SimilarityForm } from '../../../data/examples/similarity/similarity-form.js';
import { UserError } from '../../../platform/errors.js';
import { parseOptions } from '../../../platform/option-schemas.js';
import type { Tensor } from '../../../tensor/tensor.js';
import { type Matryoshka, matryoshkaLoss } from './matryoshka.js';
import { type SimilarityLossName, similarityLosses, similarityLossNamed } from './registry.js';
import type { LabelKind, LossLayer, LossParts, SimilarityLoss } from './similarity-loss.js';

/** Options that choose a loss. */
export interface LossChoice {
  /** The loss of training, by name. Default: the usual one for the form of the examples. */
  readonly loss?: SimilarityLossName | undefined;
  /** The loss's own settings, such as `{ scale: 20 }`. */
  readonly lossArgs?: Readonly<Record<string, unknown>> | undefined;
  /** Numbers of first dimensions for which the loss is computed, the full size among them, so that vectors may be truncated. */
  readonly matryoshka?: Matryoshka | undefined;
}

/** A loss, ready to be built. */
export interface ChosenLoss extends Pick<SimilarityLoss, 'name'> {
  /** Whether scores must be cosines. */
  readonly asCosines: boolean;
  /** Whether labels are numbers of classes. */
  readonly asClasses: boolean;
  /** Inputs of the loss's own layer, for vectors of a size; undefined where it has none. */
  headSize(size: number): number | undefined;
  /** Builds the graph of the classes' scores by the loss's own layer; undefined where it has none. */
  readonly scores: ((vectors: readonly Tensor[], head: LossLayer) => Tensor) | undefined;
  /** Whether a batch may hold no text twice. */
  readonly inBatch: boolean;
  /** Builds the graph of the loss. */
  build(parts: Omit<LossParts<unknown>, 'options'>): Tensor;
}

/** The form of examples where none is given. */
export const unlabelledPairs: SimilarityForm = { texts: 2, labels: 'none', classes: [] };

const inWords: Readonly<Record<LabelKind, string>> = {
  none: 'no labels',
  scores: 'scores',
  binary: 'labels 0 and 1',
  classes: 'names of classes as labels',
};

/**
 * Chooses the loss of examples.
 *
 * @param given their form. Default: pairs without labels
 * @throws UserError for a loss that does not exist or does not fit the examples, and for settings that it does not have
 * @example
 * lossOf({}, { texts: 2, labels: 'scores', classes: [] }).name // 'cosent'
 */
export function lossOf({ loss: named, lossArgs = {}, matryoshka }: LossChoice, given?: SimilarityForm): ChosenLoss {
  const form = given ?? unlabelledPairs;
  const loss = named === undefined ? usualLoss(form) : similarityLossNamed(named);
  if (!given && !fits(loss, form)) {
    throw new UserError(
      `loss ${loss.name} needs the form of the training examples: give the task \`form: similarityForm(train)\``,
    );
  }
  checkFit(loss, form);
  const options = parseOptions(loss.options, lossArgs, { of: `loss ${loss.name}` });
  const { asCosines = false, asClasses = false, inBatch = false } = loss.data;
  return {
    name: loss.name,
    asCosines,
    asClasses,
    inBatch,
    scores: loss.scores && ((vectors, head) => loss.scores?.({ vectors, head, options }) as Tensor),
    headSize: (size) => loss.headSize?.(size, options),
    build(parts) {
      const build = (vectors: readonly Tensor[]) => loss.build({ ...parts, vectors, options });
      return matryoshka ? matryoshkaLoss(matryoshka, parts.vectors, build) : build(parts.vectors);
    },
  };
}

function usualLoss({ labels }: SimilarityForm): SimilarityLoss {
  const usual = similarityLosses().find(({ data }) => data.usualFor?.includes(labels));
  if (usual) return usual;
  throw new UserError(`no loss is usual for pairs with ${inWords[labels]}; name one by \`loss\``);
}

/** Whether a loss takes examples of a form. */
const fits = ({ data }: SimilarityLoss, { texts, labels }: SimilarityForm): boolean =>
  (data.withNegatives && labels === 'none' && texts > 2) ||
  (data.labels.includes(labels) && texts >= data.texts.least && texts <= data.texts.most);

function checkFit(loss: SimilarityLoss, form: SimilarityForm): void {
  if (fits(loss, form)) {
    checkLabels(loss, form);
    return;
  }
  const { name, data } = loss;
  const { texts, labels } = form;
  const { least, most } = data.texts;
  const needed = most === least ? `${least}` : `${least} or more`;
  if (texts < least || texts > most) {
    throw new UserError(`loss ${name}: needs examples of ${needed} texts, and these have ${texts}`);
  }
  const wanted = data.labels.map((kind) => inWords[kind]).join(' or ');
  const others = similarityLosses().filter((other) => fits(other, form));
  throw new UserError(
    `loss ${name}: needs examples with ${wanted}, and these have ${inWords[labels]}. ` +
      (labels === 'none' ? '' : "To leave the labels out: `label: 'none'`. ") +
      `Losses for them: ${others.map((other) => other.name).join(', ') || 'none'}`,
  );
}

/** Refuses labels of which a loss learns nothing. */
function checkLabels({ name, data }: SimilarityLoss, { labels, classes, range }: SimilarityForm): void {
  if (data.byOrder && range && range[0] === range[1]) {
    throw new UserError(
      `loss ${name}: every pair has the score ${range[0]}, and only the order of scores counts; they must differ`,
    );
  }
  const fraction =
    data.asClasses && labels === 'scores' ? classes.find((name) => !Number.isInteger(Number(name))) : undefined;
  if (fraction !== undefined) {
    throw new UserError(
      `loss ${name}: needs classes as labels (names or whole numbers), and one of these is ${fraction}; cosent is the usual loss of scores`,
    );
  }
}
