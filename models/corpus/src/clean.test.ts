import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isProse, normalize } from './clean.js';

describe('normalize', () => {
  it('composes characters, folds white space and drops invisible characters', () => {
    expect(normalize(' cafe\u0301\u00a0 au\u00ad\u200b\tlait \u0007')).toBe('café au lait');
  });

  it('drops a leading bullet, pilcrow or number, but not a decimal number or a year', () => {
    expect(normalize('¶ And it came')).toBe('And it came');
    expect(normalize('4.1. On what systems')).toBe('On what systems');
    expect(normalize('2) Save the file')).toBe('Save the file');
    expect(normalize('2.5 metres of rope')).toBe('2.5 metres of rope');
    expect(normalize('1990 was a year')).toBe('1990 was a year');
  });

  it('drops empty brackets and the space before a stop that references leave behind', () => {
    expect(normalize('He answered ( , ) them .')).toBe('He answered them.');
  });

  it('keeps no space inside of Chinese', () => {
    expect(normalize('高优 先级的 Linux 内核')).toBe('高优先级的 Linux 内核');
  });

  it('gives one line', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => !/[\n\r\u2028\u0085]/.test(normalize(text))));
  });
});

describe('isProse', () => {
  it('takes a sentence and refuses what is too short, a list, a table or another language', () => {
    expect(isProse('It was the best of times, it was the worst of times.', 'en')).toBe(true);
    expect(isProse('It was the best.', 'en')).toBe(false);
    expect(isProse('It was the best.', 'en', 3)).toBe(true);
    expect(isProse('verbose quiet recursive force directory target link backup suffix context', 'en')).toBe(false);
    expect(isProse('0.25 17 3.1 the 44 12 of 91 100 and 5.5', 'en')).toBe(false);
    expect(isProse('今天天气很好，我们一起去公园散步吧。', 'en')).toBe(false);
    expect(isProse('今天天气很好，我们一起去公园散步吧。', 'zh')).toBe(true);
    expect(isProse('今天天气很好。', 'zh')).toBe(false);
    expect(isProse('今日は天気がとても良いので公園を散歩しましょう。', 'zh')).toBe(false);
    expect(isProse('Open the 系统 menu and make sure that the sound is not muted or turned down 声音 设置', 'zh')).toBe(
      false,
    );
  });

  it('refuses notices', () => {
    expect(isProse('This is free software; see the GNU General Public License for more of the details.', 'en')).toBe(
      false,
    );
    expect(isProse('版权所有：本文档由翻译小组的成员共同完成，请勿删除。', 'zh')).toBe(false);
  });
});
