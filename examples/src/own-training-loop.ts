/** @file A training loop of one's own, without the Trainer: order, schedule and evaluation. `node examples/dist/own-training-loop.js` */
import { fileURLToPath } from 'node:url';
import {
  AutoTokenizer,
  BertForSequenceClassification,
  classificationTask,
  evaluateExamples,
  labelSet,
  readClassificationExamples,
} from 'multihead';
import { linearSchedule, TrainingStep } from 'multihead/training';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const mini = here('../../models/mini');

const train = await readClassificationExamples(here('../data/support-intents.train.tsv'));
const test = await readClassificationExamples(here('../data/support-intents.test.tsv'));
const { names } = labelSet(train);
const labels = { id2label: names, numLabels: names.length };
const model = await BertForSequenceClassification.fromPretrained(mini, { config: labels });
const tokenizer = await AutoTokenizer.fromPretrained(mini);
const task = classificationTask(model.config, { tokenizer, maxLength: 64 });

const features = (await task.encode(train)).flat();
const [batchSize, epochs, warmupSteps] = [16, 3, 7];
const stepsPerEpoch = Math.floor(features.length / batchSize);
const totalSteps = epochs * stepsPerEpoch;

// One call of `step` is a forward pass, a backward pass and an update by AdamW; dropout follows from the step's number.
const training = await TrainingStep.create(model, () => task.loss(model));
for (let step = 0; step < totalSteps; step++) {
  // Every 7th example from another start each step: 7 has no divisor in common with the number of examples.
  const batch = Array.from({ length: batchSize }, (_, i) => features[((step * batchSize + i) * 7) % features.length]);
  const inputs = task.collate(batch.filter((feature) => feature !== undefined));
  const learningRate = 2e-4 * linearSchedule(step, warmupSteps, totalSteps);
  const { loss, gradientNorm } = await training.step([inputs], { learningRate, weightDecay: 0.01 }, step);
  if (step % 12 === 0) console.log(`step ${step}  loss ${loss.toFixed(3)}  gradient norm ${gradientNorm.toFixed(2)}`);
}
const { metrics } = await evaluateExamples(model, task, test);
console.log(`accuracy on ${test.length} other questions: ${metrics.accuracy?.toFixed(3)}`);
await model.dispose();
