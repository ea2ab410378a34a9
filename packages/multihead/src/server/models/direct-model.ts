/** @file A served model whose pipelines compute in this process, each request by itself. */
import type { TextGenerationPipeline } from '../../inference/generation/text-generation.js';
import type { FeatureExtractionPipeline } from '../../inference/pipelines/feature-extraction.js';
import { pipelineNamed } from '../../inference/registry.js';
import { tokenizerFolder } from '../../models/adapters/locate-model.js';
import type { LoadedPipeline } from '../../tasks/pipelines.js';
import { AutoTokenizer } from '../../text/tokenizer/auto-tokenizer.js';
import type { Tokenizer } from '../../text/tokenizer/tokenizer.js';
import { ServeError } from '../errors/serve-error.js';
import { beginGeneration } from './begin-generation.js';
import type {
  Call,
  Embeddings,
  EmbedOptions,
  GenerateRequest,
  Generation,
  ModelInfo,
  ModelState,
  Predictions,
  ServedModel,
  TextOrTokens,
  Tokenized,
} from './served-model.js';

/** Loads the pipelines of a folder at their first use; that of its first task at once. */
export class DirectModel implements ServedModel {
  readonly ready: Promise<void>;
  private current: ModelState = 'loading';
  private readonly tokenizer: Promise<Tokenizer>;
  private readonly pipelines = new Map<string, Promise<LoadedPipeline>>();
  private readonly running = new Set<Promise<unknown>>();

  constructor(
    private readonly folder: string,
    readonly info: ModelInfo,
    private readonly maxLength?: number,
  ) {
    this.tokenizer = tokenizerFolder(folder).then((found) => AutoTokenizer.fromPretrained(found));
    this.ready = Promise.all([this.tokenizer, this.pipeline(info.tasks[0] as string)]).then(() => {
      this.current = 'ready';
    });
    this.ready.catch(() => {
      this.current = 'down';
    });
  }

  get state(): ModelState {
    return this.current;
  }

  predict(
    task: string,
    inputs: readonly unknown[],
    parameters: Readonly<Record<string, unknown>>,
    { signal }: Call,
  ): Promise<Predictions> {
    return this.accept(signal, async () => {
      const { service } = pipelineNamed(task);
      if (!service) throw new Error(`internal: the pipeline ${task} is not served`);
      const outputs = await service.answer(await this.pipeline(task), inputs, parameters, { signal });
      const encodings = await (await this.tokenizer).encodeBatch(inputs.flatMap((input) => service.texts(input)));
      return { outputs, promptTokens: encodings.reduce((sum, { inputIds }) => sum + inputIds.length, 0) };
    });
  }

  embed(inputs: readonly TextOrTokens[], { truncate = true }: EmbedOptions, { signal }: Call): Promise<Embeddings> {
    return this.accept(signal, async () => {
      const embed = await this.pipeline<FeatureExtractionPipeline>('feature-extraction');
      const texts = await embed.encode(
        inputs.filter((input) => typeof input === 'string'),
        { truncate },
      );
      let next = 0;
      const tokenIds = inputs.map((input) => (typeof input === 'string' ? (texts[next++] as number[]) : input));
      const { data, shape } = await embed(tokenIds);
      return { data, size: shape[1], promptTokens: tokenIds.reduce((sum, ids) => sum + ids.length, 0) };
    });
  }

  generate(request: GenerateRequest, { signal }: Call): Promise<Generation> {
    return this.accept(signal, async () => {
      const generator = await this.pipeline<TextGenerationPipeline>('text-generation');
      return beginGeneration(generator, await this.tokenizer, request, signal);
    });
  }

  tokenize(
    texts: readonly string[],
    { addSpecialTokens }: { readonly addSpecialTokens: boolean },
    { signal }: Call,
  ): Promise<Tokenized[]> {
    return this.accept(signal, async () => {
      const encodings = await (await this.tokenizer).encodeBatch(texts, { addSpecialTokens });
      return encodings.map(({ inputIds, tokens }) => ({ tokenIds: inputIds, tokens }));
    });
  }

  detokenize(
    tokenIds: readonly number[],
    { skipSpecialTokens }: { readonly skipSpecialTokens: boolean },
    { signal }: Call,
  ): Promise<string> {
    return this.accept(signal, async () => (await this.tokenizer).decode(tokenIds, { skipSpecialTokens }));
  }

  async close(): Promise<void> {
    this.current = 'down';
    await Promise.allSettled(this.running);
    for (const loaded of this.pipelines.values()) {
      const pipeline = await loaded.catch(() => undefined);
      await pipeline?.dispose();
    }
  }

  private async accept<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    if (this.current !== 'ready') {
      throw new ServeError(
        `the model ${this.info.name} is ${this.current === 'loading' ? 'loading' : 'not available'}`,
        {
          status: 503,
          code: `model_${this.current}`,
          retryAfter: 1,
        },
      );
    }
    signal.throwIfAborted();
    const running = work();
    this.running.add(running);
    try {
      return await running;
    } finally {
      this.running.delete(running);
    }
  }

  private pipeline<Loaded extends LoadedPipeline>(task: string): Promise<Loaded> {
    const known = this.pipelines.get(task);
    const loading = known ?? pipelineNamed(task).load(this.folder, { maxLength: this.maxLength });
    this.pipelines.set(task, loading);
    return loading as Promise<Loaded>;
  }
}
