/** @file A served model whose pipelines compute in this process, in batches that its requests share. */
import type { TextGenerationPipeline } from '../../inference/generation/text-generation.js';
import type { FeatureExtractionPipeline } from '../../inference/pipelines/feature-extraction.js';
import { pipelineNamed } from '../../inference/registry.js';
import { tokenizerFolder } from '../../models/adapters/locate-model.js';
import type { DtypeName } from '../../models/dtypes.js';
import { UserError } from '../../platform/errors.js';
import type { LoadedPipeline } from '../../tasks/pipelines.js';
import { AutoTokenizer } from '../../text/tokenizer/auto-tokenizer.js';
import type { Tokenizer } from '../../text/tokenizer/tokenizer.js';
import { type CallContext, newCallContext, runInContext } from '../batching/call-context.js';
import { ModelBatches, type ModelBatchOptions } from '../batching/model-batches.js';
import { ServeError } from '../errors/serve-error.js';
import { beginGeneration } from './begin-generation.js';
import { OpenCalls, untilRead } from './open-calls.js';
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

/** How a model computes. */
export interface DirectModelOptions {
  /** Maximum number of tokens of a text. Default: the pipeline's. */
  readonly maxLength?: number | undefined;
  /** The number format of the weights, such as `q8`. Default: `fp32`. */
  readonly dtype?: DtypeName | undefined;
  /** Bounds of its batches and queues. */
  readonly batching?: ModelBatchOptions | undefined;
}

/** Loads the pipelines of a folder at their first use; that of its first task at once. */
export class DirectModel implements ServedModel {
  readonly ready: Promise<void>;
  private current: ModelState = 'loading';
  private readonly tokenizer: Promise<Tokenizer>;
  private readonly pipelines = new Map<string, Promise<LoadedPipeline>>();
  private readonly batches: ModelBatches;
  private readonly open = new OpenCalls();

  constructor(
    private readonly folder: string,
    readonly info: ModelInfo,
    private readonly options: DirectModelOptions = {},
  ) {
    this.batches = new ModelBatches(options.batching);
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
    call: Call,
  ): Promise<Predictions> {
    const context = newCallContext(call);
    return this.accept(context, async () => {
      const { service } = pipelineNamed(task);
      if (!service) throw new Error(`internal: the pipeline ${task} is not served`);
      const outputs = await service.answer(await this.pipeline(task), inputs, parameters, call);
      if (context.tokens > 0) return { outputs, promptTokens: context.tokens };
      const encodings = await (await this.tokenizer).encodeBatch(inputs.flatMap((input) => service.texts(input)));
      return { outputs, promptTokens: encodings.reduce((sum, { inputIds }) => sum + inputIds.length, 0) };
    });
  }

  embed(inputs: readonly TextOrTokens[], { truncate = true }: EmbedOptions, call: Call): Promise<Embeddings> {
    return this.accept(newCallContext(call), async () => {
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

  generate(request: GenerateRequest, call: Call): Promise<Generation> {
    return this.accept(newCallContext(call), async () => {
      const generator = await this.pipeline<TextGenerationPipeline>('text-generation');
      const generation = await beginGeneration(generator, await this.tokenizer, request, call.signal);
      const end = this.open.begin();
      // Pieces that nobody begins to read are over when the client goes.
      call.signal.addEventListener('abort', end, { once: true });
      return { ...generation, pieces: untilRead(generation.pieces, end) };
    });
  }

  tokenize(
    texts: readonly string[],
    { addSpecialTokens }: { readonly addSpecialTokens: boolean },
    call: Call,
  ): Promise<Tokenized[]> {
    return this.accept(newCallContext(call), async () => {
      const encodings = await (await this.tokenizer).encodeBatch(texts, { addSpecialTokens });
      return encodings.map(({ inputIds, tokens }) => ({ tokenIds: inputIds, tokens }));
    });
  }

  detokenize(
    tokenIds: readonly number[],
    { skipSpecialTokens }: { readonly skipSpecialTokens: boolean },
    call: Call,
  ): Promise<string> {
    return this.accept(newCallContext(call), async () => {
      const tokenizer = await this.tokenizer;
      const unknown = tokenIds.find((id) => tokenizer.idToToken(id) === undefined);
      if (unknown !== undefined) throw new UserError(`${unknown} is no token of the model's vocabulary`);
      return tokenizer.decode(tokenIds, { skipSpecialTokens });
    });
  }

  async close(): Promise<void> {
    this.current = 'down';
    await this.open.drained();
    for (const loaded of this.pipelines.values()) {
      const pipeline = await loaded.catch(() => undefined);
      await pipeline?.dispose();
    }
  }

  private async accept<Result>(context: CallContext, work: () => Promise<Result>): Promise<Result> {
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
    context.signal.throwIfAborted();
    const end = this.open.begin();
    try {
      return await runInContext(context, work);
    } finally {
      end();
    }
  }

  private pipeline<Loaded extends LoadedPipeline>(task: string): Promise<Loaded> {
    const known = this.pipelines.get(task);
    const { maxLength, dtype } = this.options;
    const loading =
      known ?? pipelineNamed(task).load(this.folder, { maxLength, dtype, ...this.batches.pipelineOptions });
    this.pipelines.set(task, loading);
    return loading as Promise<Loaded>;
  }
}
