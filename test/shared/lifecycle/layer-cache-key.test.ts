import { layerCacheKey } from '../../../shared/lifecycle/layer-cache-key.js';

const HOUR = 3600;
const at = (text: string): Date => new Date(`2026-01-01T${text}Z`);

describe('layerCacheKey', () => {
  it('is shared by builds on one base, for as long as a build serves', () => {
    const key = layerCacheKey({ base: 'debian:12', force: false }, at('03:00:00'), 3 * HOUR);
    expect(key).toMatch(/^[0-9a-f]{32}$/);
    expect(layerCacheKey({ base: 'debian:12', force: false }, at('05:59:59'), 3 * HOUR)).toBe(key);
    expect(layerCacheKey({ base: 'debian:12', force: false }, at('06:00:00'), 3 * HOUR)).not.toBe(
      key,
    );
    expect(layerCacheKey({ base: 'debian:13', force: false }, at('03:00:00'), 3 * HOUR)).not.toBe(
      key,
    );
  });

  it('is none where advice is asked: a layer would ask nobody', () => {
    const recommendation_type = 'performance' as const;
    const advise = { recommendation_type, dry_run: false, fallback: true, force: false };
    const asking = { base: 'b', force: false, advise };
    expect(layerCacheKey(asking, at('00:00:00'), HOUR)).toBeUndefined();
  });

  it('is none where everything is to be made anew', () => {
    expect(layerCacheKey({ base: 'b', force: true }, at('00:00:00'), HOUR)).toBeUndefined();
    expect(layerCacheKey({ base: 'b', force: false }, at('00:00:00'), 0)).toBeUndefined();
  });
});
