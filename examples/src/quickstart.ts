/**
 * @file The main job from end to end, on data in examples/data: fine-tune the embedded BERT (models/mini) to tell what
 * customers want, beside the same model from random weights; see how good it is, keep it, use it. `npm run quickstart`.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  AutoTokenizer,
  BertConfig,
  BertForSequenceClassification,
  classificationTask,
  labelSet,
  pipeline,
  readClassificationExamples,
  Trainer,
} from 'multihead';

const data = (name: string) => fileURLToPath(new URL(`../data/${name}`, import.meta.url));
const mini = fileURLToPath(new URL('../../models/mini', import.meta.url));
const output = 'runs/quickstart';

const train = await readClassificationExamples(data('support-intents.train.tsv'));
const test = await readClassificationExamples(data('support-intents.test.tsv'));
const { names } = labelSet(train);
const config = { id2label: names, numLabels: names.length };
const tokenizer = await AutoTokenizer.fromPretrained(mini);

/** Trains and evaluates; with a folder, the best model is kept there. */
async function fineTune(model: BertForSequenceClassification, folder?: string) {
  const task = classificationTask(model.config, { tokenizer, maxLength: 64 });
  const trainer = new Trainer({
    model,
    task,
    tokenizer,
    train,
    evaluation: test,
    output: folder,
    overwrite: true,
    epochs: 4,
    batchSize: 16,
    learningRate: 2e-4,
    warmupRatio: 0.1,
    weightDecay: 0.01,
    onEvent: (event) => {
      if (event.type !== 'evaluation') return;
      console.log(`  epoch ${event.epoch}  accuracy ${event.metrics.accuracy?.toFixed(3)}`);
    },
  });
  const { seconds } = await trainer.train();
  const evaluation = await trainer.evaluate();
  await model.dispose();
  return { ...evaluation, seconds };
}

const pretrained = await BertForSequenceClassification.fromPretrained(mini, { config });
console.log(`Fine-tuning models/mini, a BERT of ${(pretrained.weights.count / 1e6).toFixed(1)} M parameters,`);
console.log(`to tell ${names.length} intents apart: ${train.length} questions in English and Chinese.`);
const tuned = await fineTune(pretrained, output);
console.log('The same from random weights:');
const random = await fineTune(
  BertForSequenceClassification.fromConfig({ ...(await BertConfig.fromPretrained(mini)), ...config }),
);
console.log(
  `\nOn ${test.length} questions that it has not seen (${tuned.seconds.toFixed(0)} s of training):\n\n${tuned.report}`,
);
const percent = ({ metrics }: typeof tuned) => `${(100 * (metrics.accuracy ?? 0)).toFixed(1)} %`;
console.log(`\nAccuracy ${percent(tuned)}; from random weights ${percent(random)}.\n\nThree questions:`);

const classify = await pipeline('text-classification', output);
const questions = ['Where is my parcel?', 'I forgot my password and cannot log in', '我想取消刚才下的订单'];
for (const [i, [best]] of (await classify(questions)).entries()) {
  console.log(`  ${questions[i]}  ->  ${best?.label} (${((best?.score ?? 0) * 100).toFixed(0)} %)`);
}
await classify.dispose();

const version = (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version;
console.log(`
The model is in ${output}. What to type next (Multihead ${version}):
  npx multihead predict text-classification --model ${output} "Can I get my money back?"
  npx multihead predict fill-mask --model models/mini "I would like to [MASK] a cup of coffee."
  npx multihead train text-classification --model models/mini --train your.csv --eval test.csv --output runs/mine`);
