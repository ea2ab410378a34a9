/**
 * @file The main job from end to end, on data and settings in examples/data: train a small BERT from random weights to
 * tell what customers want, see how good it is, keep it, use it. Run it with `npm run quickstart`; it takes ten seconds.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  AutoTokenizer,
  BertForSequenceClassification,
  classificationTask,
  labelSet,
  pipeline,
  readClassificationExamples,
  readConfigFile,
  Trainer,
} from 'multihead';

const data = (name: string) => fileURLToPath(new URL(`../data/${name}`, import.meta.url));
const output = 'runs/quickstart';

const train = await readClassificationExamples(data('support-intents.train.tsv'));
const test = await readClassificationExamples(data('support-intents.test.tsv'));
const { names } = labelSet(train);

const config = { ...(await readConfigFile(data('bert-tiny.json'))), id2label: names, numLabels: names.length };
const model = BertForSequenceClassification.fromConfig(config);
const tokenizer = await AutoTokenizer.fromPretrained(data('tokenizer'));
const task = classificationTask(config, { tokenizer, maxLength: 64 });

console.log(`Training a BERT of ${(model.weights.count / 1e6).toFixed(1)} M parameters, from random weights,`);
console.log(`to tell ${names.length} intents apart: ${train.length} questions in English and Chinese.\n`);

const trainer = new Trainer({
  ...{ model, task, tokenizer, train, evaluation: test, output },
  ...{ epochs: 15, batchSize: 16, learningRate: 5e-4, warmupRatio: 0.1, weightDecay: 0.01 },
  onEvent: (event) => {
    if (event.type !== 'evaluation') return;
    console.log(`epoch ${String(event.epoch).padStart(2)}  accuracy ${event.metrics.accuracy?.toFixed(3)}`);
  },
});
const { seconds } = await trainer.train();
console.log(`\n${seconds.toFixed(0)} s of training. On ${test.length} questions that it has not seen:\n`);
console.log((await trainer.evaluate()).report);
await model.dispose();

const classify = await pipeline('text-classification', output);
const questions = ['Where is my parcel?', 'I forgot my password and cannot log in', '我想取消刚才下的订单'];
console.log('\nThree questions:');
for (const [i, [best]] of (await classify(questions)).entries()) {
  console.log(`  ${questions[i]}  ->  ${best?.label} (${((best?.score ?? 0) * 100).toFixed(0)} %)`);
}
await classify.dispose();

const version = (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version;
console.log(`
The model is in ${output}. What to type next (Multihead ${version}):
  npx multihead predict text-classification --model ${output} "Can I get my money back?"
  npx multihead info ${output}
  npx multihead train text-classification --model DIR --train your.csv --eval test.csv --output runs/mine`);
