/** @file How a model's name becomes a folder. */
import { namesOf } from '../platform/option-names.js';

/** Progress of a download. */
export interface DownloadEvent {
  readonly type: 'download';
  readonly model: string;
  readonly file: string;
  /** Bytes so far, those of an earlier try included. */
  readonly received: number;
  readonly total: number;
}

/** Where a model comes from. */
export interface ResolveOptions {
  /** Branch, tag or commit. Default: main. */
  readonly revision?: string | undefined;
  /** Default: HF_TOKEN of the environment. */
  readonly token?: string | undefined;
  /** Default: Hugging Face's own cache folder. */
  readonly cacheDir?: string | undefined;
  /** Fetch nothing. Default: whether HF_HUB_OFFLINE is set. */
  readonly localFilesOnly?: boolean | undefined;
  /** What is fetched: all that a model needs, or only its tokenizer or its configuration. Default: model. */
  readonly parts?: 'model' | 'tokenizer' | 'config' | undefined;
  /** Called with a message: what is waited for, or that the hub cannot be reached and the cache is used instead. */
  readonly onNote?: ((note: string) => void) | undefined;
  /** Called as the bytes of a file come. */
  readonly onDownload?: ((event: DownloadEvent) => void) | undefined;
}

export const resolveOptionNames = namesOf<ResolveOptions>({
  revision: true,
  token: true,
  cacheDir: true,
  localFilesOnly: true,
  parts: true,
  onNote: true,
  onDownload: true,
});
