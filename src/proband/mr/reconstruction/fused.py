"""Inner loops of the iterative reconstructions, compiled by Numba where it is installed.

A tile of `LANES` neighbouring columns is transformed together: the lanes fill the vector registers, the twiddle factors
are scalars, and the tile stays in the first caches from the coil multiplication to the sum over coils. The forward
transform leaves its frequencies in digit-reversed order and the inverse takes them so: what stands between them (the
sampling mask, the spectrum of a point-spread function) is permuted once instead (`frequency_order`).

All compiled functions live in this file, since Numba's cache on disk asks only whether a function's own file changed.
They release the interpreter lock: the callers' threads run them side by side."""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

import numpy as np

LANES = 16
# Division by zero gives infinity as in NumPy, since a check keeps loops from being vectorised; NaN stays NaN (not nnan).
# No sum is regrouped and no product melts into one: what the compiler makes of a function depends on where it is called from, and on
# whether it was compiled now or read from disk, but its numbers must not (a scan is replayed to the bit).
COMPILED = {"cache": True, "nogil": True, "error_model": "numpy", "fastmath": {"nsz"}}

try:  # no wheel on some platforms: the callers then use SciPy's transforms
    import numba
    from numba import types
    from numba.extending import intrinsic as _numba_intrinsic
except ImportError:  # pragma: no cover
    AVAILABLE = False

    def _plain(*_, **__):
        return lambda function: function

    njit: Any = _plain
    intrinsic: Any = _plain()
else:
    AVAILABLE = True
    njit, intrinsic = numba.njit, _numba_intrinsic


def supports(n: int) -> bool:
    """Whether the tile transform knows this length: a power of two from 4 on."""
    return AVAILABLE and n >= 4 and n & (n - 1) == 0


@cache
def twiddles(n: int) -> tuple[np.ndarray, np.ndarray]:
    """cos and sin of −2π j/n for j < n, float32."""
    angle = -2 * np.pi * np.arange(n) / n
    return np.cos(angle).astype(np.float32), np.sin(angle).astype(np.float32)


@cache
def frequency_order(n: int) -> np.ndarray:
    """Which frequency (0 … n − 1) stands in each row after the forward tile transform."""
    tile_re, tile_im = np.zeros((n, LANES), np.float32), np.zeros((n, LANES), np.float32)
    # The transform of a unit impulse at row 1 is the twiddle of the frequency in each row: read it off.
    tile_re[1] = 1
    transform_tile(tile_re, tile_im, *twiddles(n))
    angle = np.arctan2(tile_im[:, 0], tile_re[:, 0])
    return np.round(-angle * n / (2 * np.pi)).astype(np.int64) % n


def _butterfly(arithmetic) -> Any:
    """A Numba intrinsic on four rows of a tile, p, p + quarter, …, as whole vectors.

    Numba cannot know that the four rows do not overlap, and would test it before every row; so the vectors are written
    out. `arithmetic(add, sub, mul, rows, twiddles)` takes and returns four (real, imaginary) pairs."""

    def typed(_, re, im, p, quarter, c1, s1, c2, s2, c3, s3):
        def generate(context, builder, signature, arguments):
            from llvmlite import ir

            vector = ir.VectorType(ir.FloatType(), LANES)
            word = ir.IntType(64)
            row, step = arguments[2], arguments[3]
            places = []
            for k in range(4):
                index = builder.mul(builder.add(row, builder.mul(step, word(k))), word(LANES))
                places.append(
                    [
                        builder.bitcast(
                            builder.gep(context.make_array(kind)(context, builder, argument).data, [index]),
                            vector.as_pointer(),
                        )
                        for kind, argument in zip(signature.args[:2], arguments[:2], strict=True)
                    ]
                )
            rows = [[builder.load(place, align=4) for place in pair] for pair in places]
            flags = ("nsz",)

            def spread(scalar):
                one = builder.insert_element(ir.Constant(vector, ir.Undefined), scalar, ir.IntType(32)(0))
                zeros = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
                return builder.shuffle_vector(one, one, zeros)

            def add(a, b):
                return builder.fadd(a, b, flags=flags)

            def sub(a, b):
                return builder.fsub(a, b, flags=flags)

            def mul(a, b):
                return builder.fmul(a, b, flags=flags)

            for pair, values in zip(
                places, arithmetic(add, sub, mul, rows, [spread(a) for a in arguments[4:]]), strict=True
            ):
                for place, value in zip(pair, values, strict=True):
                    builder.store(value, place, align=4)
            return context.get_dummy_value()

        return types.void(re, im, types.intp, types.intp, *[types.float32] * 6), generate

    return intrinsic(typed)


def _forward(add, sub, mul, rows, twiddle):
    (pr, pi), (qr, qi), (rr, ri), (tr, ti) = rows
    c1, s1, c2, s2, c3, s3 = twiddle
    ar, ai, br, bi = add(pr, rr), add(pi, ri), sub(pr, rr), sub(pi, ri)
    cr, ci, dr, di = add(qr, tr), add(qi, ti), sub(qi, ti), sub(tr, qr)  # d = −i (q − t)
    er, ei, fr, fi, gr, gi = add(br, dr), add(bi, di), sub(ar, cr), sub(ai, ci), sub(br, dr), sub(bi, di)
    return (
        (add(ar, cr), add(ai, ci)),
        (sub(mul(er, c1), mul(ei, s1)), add(mul(er, s1), mul(ei, c1))),
        (sub(mul(fr, c2), mul(fi, s2)), add(mul(fr, s2), mul(fi, c2))),
        (sub(mul(gr, c3), mul(gi, s3)), add(mul(gr, s3), mul(gi, c3))),
    )


def _backward(add, sub, mul, rows, twiddle):
    (pr, pi), (qr, qi), (rr, ri), (tr, ti) = rows
    c1, s1, c2, s2, c3, s3 = twiddle
    er, ei = add(mul(qr, c1), mul(qi, s1)), sub(mul(qi, c1), mul(qr, s1))  # conjugate twiddles
    fr, fi = add(mul(rr, c2), mul(ri, s2)), sub(mul(ri, c2), mul(rr, s2))
    gr, gi = add(mul(tr, c3), mul(ti, s3)), sub(mul(ti, c3), mul(tr, s3))
    ar, ai, br, bi = add(pr, fr), add(pi, fi), sub(pr, fr), sub(pi, fi)
    cr, ci, dr, di = add(er, gr), add(ei, gi), sub(gi, ei), sub(er, gr)  # d = i (e − g)
    return (
        (add(ar, cr), add(ai, ci)),
        (add(br, dr), add(bi, di)),
        (sub(ar, cr), sub(ai, ci)),
        (sub(br, dr), sub(bi, di)),
    )


forward_butterfly = _butterfly(_forward)
backward_butterfly = _butterfly(_backward)


@njit(**COMPILED)
def copy_row(a, b):
    """a ← b, rows. (An assignment of slices compiles seconds longer, for the sake of its error's text.)"""
    for j in range(a.size):
        a[j] = b[j]


@njit(**COMPILED)
def pair_rows(re, im):
    """The radix-2 step between neighbouring rows, in place."""
    for p in range(0, re.shape[0], 2):
        for lane in range(LANES):
            ar, ai = re[p, lane], im[p, lane]
            br, bi = re[p + 1, lane], im[p + 1, lane]
            re[p, lane] = ar + br
            im[p, lane] = ai + bi
            re[p + 1, lane] = ar - br
            im[p + 1, lane] = ai - bi


@njit(**COMPILED)
def transform_tile(re, im, cos, sin):
    """In-place forward transform along axis 0 of a tile (n, LANES): radix 4, decimation in frequency, a last radix 2."""
    n = re.shape[0]
    span = n
    while span >= 4:
        quarter = span // 4
        step = n // span
        for j in range(quarter):
            c1, s1 = cos[j * step], sin[j * step]
            c2, s2 = cos[2 * j * step], sin[2 * j * step]
            c3, s3 = cos[3 * j * step], sin[3 * j * step]
            for start in range(0, n, span):
                forward_butterfly(re, im, start + j, quarter, c1, s1, c2, s2, c3, s3)
        span = quarter
    if span == 2:
        pair_rows(re, im)


@njit(**COMPILED)
def inverse_tile(re, im, cos, sin):
    """The adjoint of `transform_tile` (n times its inverse), in place: takes digit-reversed rows, leaves natural ones."""
    n = re.shape[0]
    span = n
    while span >= 4:
        span //= 4
    if span == 2:
        pair_rows(re, im)
    while span < n:
        quarter = span
        span *= 4
        step = n // span
        for j in range(quarter):
            c1, s1 = cos[j * step], sin[j * step]
            c2, s2 = cos[2 * j * step], sin[2 * j * step]
            c3, s3 = cos[3 * j * step], sin[3 * j * step]
            for start in range(0, n, span):
                backward_butterfly(re, im, start + j, quarter, c1, s1, c2, s2, c3, s3)


@njit(**COMPILED)
def multiply(sensitivity, image, re, im):
    """(re, im) = sensitivity · image, tiles (2, n, LANES) of planes."""
    sr, si, xr, xi = sensitivity[0].ravel(), sensitivity[1].ravel(), image[0].ravel(), image[1].ravel()
    a, b = re.ravel(), im.ravel()
    for k in range(a.size):
        a[k] = sr[k] * xr[k] - si[k] * xi[k]
        b[k] = sr[k] * xi[k] + si[k] * xr[k]


@njit(**COMPILED)
def multiply_conjugate_add(sensitivity, re, im, out):
    """out += sensitivity* · (re, im)."""
    sr, si, yr, yi = sensitivity[0].ravel(), sensitivity[1].ravel(), out[0].ravel(), out[1].ravel()
    a, b = re.ravel(), im.ravel()
    for k in range(a.size):
        yr[k] += sr[k] * a[k] + si[k] * b[k]
        yi[k] += sr[k] * b[k] - si[k] * a[k]


@njit(**COMPILED)
def scale(weight, re, im):
    """(re, im) *= weight, real tiles."""
    w, a, b = weight.ravel(), re.ravel(), im.ravel()
    for k in range(a.size):
        a[k] *= w[k]
        b[k] *= w[k]


@njit(**COMPILED)
def cartesian_step(point, right, maps, mask, cos, sin, first, last):
    """point ← point + right − Σ_c S_c^H F^H M F S_c point for the tiles first … last − 1, F along axis 0 only (unitary).

    point, right (2, n, tiles, LANES): real and imaginary planes; maps (tiles, coils, 2, n, LANES); mask
    (n, tiles, LANES), in `frequency_order` and already divided by n."""
    coils, n = maps.shape[1], maps.shape[3]
    tile_in = np.empty((2, n, LANES), np.float32)
    tile_out = np.empty((2, n, LANES), np.float32)
    weight = np.empty((n, LANES), np.float32)
    re = np.empty((n, LANES), np.float32)
    im = np.empty((n, LANES), np.float32)
    for tile in range(first, last):
        for i in range(n):
            copy_row(tile_in[0, i], point[0, i, tile])
            copy_row(tile_in[1, i], point[1, i, tile])
            copy_row(weight[i], mask[i, tile])
        tile_out[:] = 0
        for c in range(coils):
            multiply(maps[tile, c], tile_in, re, im)
            transform_tile(re, im, cos, sin)
            scale(weight, re, im)
            inverse_tile(re, im, cos, sin)
            multiply_conjugate_add(maps[tile, c], re, im, tile_out)
        for i in range(n):
            for p in range(2):
                for lane in range(LANES):
                    point[p, i, tile, lane] = tile_in[p, i, lane] + right[p, i, tile, lane] - tile_out[p, i, lane]


@njit(**COMPILED)
def cartesian_adjoint(samples, maps, mask, rows, signs, cos, sin, first, last, out):
    """out = Σ_c S_c^H F^H M samples for the tiles first … last − 1.

    samples (coils, n, columns) complex, centred; row j of the tile takes k-space row rows[j] times signs[j], which carries
    the centring of the image and the scale; maps, mask, out as in `cartesian_step`, columns beyond the last are zero."""
    coils, n, columns = samples.shape
    weight = np.empty((n, LANES), np.float32)
    tile_out = np.empty((2, n, LANES), np.float32)
    re = np.zeros((n, LANES), np.float32)
    im = np.zeros((n, LANES), np.float32)
    for tile in range(first, last):
        width = min(LANES, columns - tile * LANES)
        for j in range(n):
            for lane in range(LANES):
                weight[j, lane] = mask[j, tile, lane] * signs[j]
        re[:] = 0
        im[:] = 0
        tile_out[:] = 0
        for c in range(coils):
            for j in range(n):
                for lane in range(width):
                    value = samples[c, rows[j], tile * LANES + lane]
                    re[j, lane] = value.real
                    im[j, lane] = value.imag
            scale(weight, re, im)
            inverse_tile(re, im, cos, sin)
            multiply_conjugate_add(maps[tile, c], re, im, tile_out)
        for i in range(n):
            for p in range(2):
                copy_row(out[p, i, tile], tile_out[p, i])


@njit(**COMPILED)
def fill_tiles(maps, first, last, out):
    """Sensitivities (coils, n, columns) complex into tiles first … last − 1 of out (tiles, coils, 2, n, LANES)."""
    coils, n, columns = maps.shape
    for tile in range(first, last):
        width = min(LANES, columns - tile * LANES)
        for c in range(coils):
            for i in range(n):
                for lane in range(width):
                    value = maps[c, i, tile * LANES + lane]
                    out[tile, c, 0, i, lane] = value.real
                    out[tile, c, 1, i, lane] = value.imag


@njit(**COMPILED)
def toeplitz_normal(image, maps, spectrum, cos0, sin0, cos1, sin1, first, last, work, out):
    """out = Σ_c S_c^H T S_c image for the coils first … last − 1, T the convolution whose spectrum is given.

    image, out (2, n0, n1) planes; maps (coils, 2, n0, n1); spectrum (m0 × m1 real, both axes in `frequency_order`) laid out
    as (m0/LANES, m1, LANES) and divided by m0 m1, where m0 ≥ 2 n0 − 1 and m1 ≥ 2 n1 − 1 are the padded lengths;
    work (2, m0, n1)."""
    n0, n1 = image.shape[1], image.shape[2]
    m0, m1 = cos0.shape[0], cos1.shape[0]
    re0 = np.empty((m0, LANES), np.float32)
    im0 = np.empty((m0, LANES), np.float32)
    re1 = np.empty((m1, LANES), np.float32)
    im1 = np.empty((m1, LANES), np.float32)
    out[:] = 0
    for c in range(first, last):
        for x in range(0, n1, LANES):
            for i in range(n0):
                for lane in range(LANES):
                    sr, si = maps[c, 0, i, x + lane], maps[c, 1, i, x + lane]
                    xr, xi = image[0, i, x + lane], image[1, i, x + lane]
                    re0[i, lane] = sr * xr - si * xi
                    im0[i, lane] = sr * xi + si * xr
            re0[n0:] = 0
            im0[n0:] = 0
            transform_tile(re0, im0, cos0, sin0)
            for i in range(m0):
                for lane in range(LANES):
                    work[0, i, x + lane] = re0[i, lane]
                    work[1, i, x + lane] = im0[i, lane]
        for block in range(m0 // LANES):
            y = block * LANES
            for x in range(0, n1, LANES):  # 16 × 16 pieces: a cache line is used whole
                for lane in range(LANES):
                    for i in range(LANES):
                        re1[x + i, lane] = work[0, y + lane, x + i]
                        im1[x + i, lane] = work[1, y + lane, x + i]
            re1[n1:] = 0
            im1[n1:] = 0
            transform_tile(re1, im1, cos1, sin1)
            for i in range(m1):
                for lane in range(LANES):
                    re1[i, lane] *= spectrum[block, i, lane]
                    im1[i, lane] *= spectrum[block, i, lane]
            inverse_tile(re1, im1, cos1, sin1)
            for x in range(0, n1, LANES):
                for lane in range(LANES):
                    for i in range(LANES):
                        work[0, y + lane, x + i] = re1[x + i, lane]
                        work[1, y + lane, x + i] = im1[x + i, lane]
        for x in range(0, n1, LANES):
            for i in range(m0):
                for lane in range(LANES):
                    re0[i, lane] = work[0, i, x + lane]
                    im0[i, lane] = work[1, i, x + lane]
            inverse_tile(re0, im0, cos0, sin0)
            for i in range(n0):
                for lane in range(LANES):
                    sr, si = maps[c, 0, i, x + lane], maps[c, 1, i, x + lane]
                    out[0, i, x + lane] += sr * re0[i, lane] + si * im0[i, lane]
                    out[1, i, x + lane] += sr * im0[i, lane] - si * re0[i, lane]


# ------------------------------------------------------------------------------------------------- wavelets

_ROOT = np.sqrt(3.0)
# Daubechies' wavelet with two vanishing moments (Daubechies 1988, Comm. Pure Appl. Math. 41:909), low-pass filter.
DB2 = (np.array([1 + _ROOT, 3 + _ROOT, 3 - _ROOT, 1 - _ROOT]) / (4 * np.sqrt(2.0))).astype(np.float32)
H0, H1, H2, H3 = (np.float32(h) for h in DB2)


@njit(**COMPILED)
def split_line(pairs, even, odd, low, high):
    """low[i] = Σ h_k x[2i + k], high[i] = Σ g_k x[2i + k], x periodic with 2 n values given as (n, 2); even, odd (n + 1,)
    are scratch."""
    n = low.size
    for i in range(n):  # first apart, then filtered: the filter then reads whole vectors
        even[i] = pairs[i, 0]
        odd[i] = pairs[i, 1]
    even[n], odd[n] = even[0], odd[0]
    for i in range(n):
        low[i] = H0 * even[i] + H1 * odd[i] + H2 * even[i + 1] + H3 * odd[i + 1]
    for i in range(n):
        high[i] = H3 * even[i] - H2 * odd[i] + H1 * even[i + 1] - H0 * odd[i + 1]


@njit(**COMPILED)
def join_line(low, high, pairs):
    """The adjoint, which is the inverse, of `split_line`."""
    n = low.size
    pairs[0, 0] = H0 * low[0] + H3 * high[0] + H2 * low[n - 1] + H1 * high[n - 1]
    pairs[0, 1] = H1 * low[0] - H2 * high[0] + H3 * low[n - 1] - H0 * high[n - 1]
    for i in range(n - 1):  # no index that could be negative: its check would keep the loop from being vectorised
        pairs[i + 1, 0] = H0 * low[i + 1] + H3 * high[i + 1] + H2 * low[i] + H1 * high[i]
        pairs[i + 1, 1] = H1 * low[i + 1] - H2 * high[i + 1] + H3 * low[i] - H0 * high[i]


@njit(**COMPILED)
def combine(x0, x1, x2, x3, a0, a1, a2, a3, out):
    """out = a0 x0 + a1 x1 + a2 x2 + a3 x3, rows."""
    for j in range(out.size):
        out[j] = a0 * x0[j] + a1 * x1[j] + a2 * x2[j] + a3 * x3[j]


@njit(**COMPILED)
def shrink(re, im, threshold):
    """Soft threshold on the magnitude of complex coefficients given as two rows."""
    for i in range(re.size):
        magnitude = np.sqrt(re[i] * re[i] + im[i] * im[i]) + np.float32(1e-30)
        excess = magnitude - threshold
        share = np.float32(0) if excess < 0 else excess / magnitude
        re[i] *= share
        im[i] *= share


@njit(**COMPILED)
def forward_stripe(image, shift0, shift1, threshold, first, last, corner, details):
    """Rows first … last − 1 of one level's coefficients, of the image moved round by the shifts; details are shrunk.

    image (2, ≤ 2 h0, ≤ 2 h1), zero-padded to (2 h0, 2 h1); corner (2, h0, h1); details (3, 2, h0, h1)."""
    n0, n1 = image.shape[1], image.shape[2]
    h0, h1 = corner.shape[1], corner.shape[2]
    m0, m1 = 2 * h0, 2 * h1
    rows = 2 * (last - first) + 2  # two rows more than its own, for the filter's length
    pairs = np.zeros((h1, 2), np.float32)
    line = pairs.ravel()
    even = np.empty(h1 + 1, np.float32)
    odd = np.empty(h1 + 1, np.float32)
    low = np.empty((2, rows, h1), np.float32)
    high = np.empty((2, rows, h1), np.float32)
    split = min(n1, m1 - shift1)
    for plane in range(2):
        for r in range(rows):
            i = (2 * first + r - shift0) % m0
            if i < n0:
                copy_row(line[shift1 : shift1 + split], image[plane, i, :split])
                copy_row(line[: n1 - split], image[plane, i, split:])
                split_line(pairs, even, odd, low[plane, r], high[plane, r])
            else:
                low[plane, r] = 0
                high[plane, r] = 0
    for i in range(first, last):
        r = 2 * (i - first)
        for p in range(2):
            combine(low[p, r], low[p, r + 1], low[p, r + 2], low[p, r + 3], H0, H1, H2, H3, corner[p, i])
            combine(low[p, r], low[p, r + 1], low[p, r + 2], low[p, r + 3], H3, -H2, H1, -H0, details[0, p, i])
            combine(high[p, r], high[p, r + 1], high[p, r + 2], high[p, r + 3], H0, H1, H2, H3, details[1, p, i])
            combine(high[p, r], high[p, r + 1], high[p, r + 2], high[p, r + 3], H3, -H2, H1, -H0, details[2, p, i])
        for kind in range(3):
            shrink(details[kind, 0, i], details[kind, 1, i], threshold)


@njit(**COMPILED)
def inverse_stripe(corner, details, shift0, shift1, momentum, first, last, image, point):
    """Rows 2 first … 2 last − 1 of the image made of one level's coefficients, moved back by the shifts.

    image ← the new one; point ← new + momentum (new − what `image` held before)."""
    n0, n1 = image.shape[1], image.shape[2]
    h0, h1 = corner.shape[1], corner.shape[2]
    m0, m1 = 2 * h0, 2 * h1
    pairs = np.empty((h1, 2), np.float32)
    line = pairs.ravel()
    low = np.empty(h1, np.float32)
    high = np.empty(h1, np.float32)
    split = min(n1, m1 - shift1)
    for p in range(2):
        for i in range(first, last):
            b = i - 1 if i > 0 else h0 - 1
            for odd in range(2):
                target = (2 * i + odd - shift0) % m0
                if target >= n0:
                    continue
                if odd == 0:
                    combine(corner[p, i], details[0, p, i], corner[p, b], details[0, p, b], H0, H3, H2, H1, low)
                    combine(
                        details[1, p, i], details[2, p, i], details[1, p, b], details[2, p, b], H0, H3, H2, H1, high
                    )
                else:
                    combine(corner[p, i], details[0, p, i], corner[p, b], details[0, p, b], H1, -H2, H3, -H0, low)
                    combine(
                        details[1, p, i], details[2, p, i], details[1, p, b], details[2, p, b], H1, -H2, H3, -H0, high
                    )
                join_line(low, high, pairs)
                extrapolate(line[shift1 : shift1 + split], momentum, image[p, target, :split], point[p, target, :split])
                extrapolate(line[: n1 - split], momentum, image[p, target, split:], point[p, target, split:])


@njit(**COMPILED)
def extrapolate(new, momentum, image, point):
    """point ← new + momentum (new − image); image ← new; rows."""
    for j in range(new.size):
        value = new[j]
        point[j] = value + momentum * (value - image[j])
        image[j] = value


# ------------------------------------------------------------------------------------------------- many steps at once

PATIENCE = 1000  # looks at the gate before a thread lets others run: some microseconds


def _at_gate(operation, *, arguments) -> Any:
    """A Numba intrinsic on one word of the gate, int64 (2,)."""

    def typed(_, gate, *rest):
        def generate(context, builder, signature, values):
            data = context.make_array(signature.args[0])(context, builder, values[0]).data
            return operation(builder, data, *values[1:])

        return types.int64(gate, *[types.int64] * len(rest)), generate

    return intrinsic(
        (lambda _, gate: typed(_, gate)) if arguments == 0 else (lambda _, gate, place: typed(_, gate, place))
    )


def _come(builder, data):
    from llvmlite import ir

    return builder.atomic_rmw("add", data, ir.Constant(ir.IntType(64), 1), "seq_cst")


def _look(builder, data, place):
    return builder.load_atomic(builder.gep(data, [place]), "acquire", 8)


def _give_way(builder, data):
    """Let another thread have this processor: of use where there are more threads than processors."""
    from llvmlite import ir

    if sys.platform != "win32":
        kind = ir.FunctionType(ir.IntType(32), [])
        builder.call(builder.module.globals.get("sched_yield") or ir.Function(builder.module, kind, "sched_yield"), [])
    return ir.Constant(ir.IntType(64), 0)


come, look, give_way = (_at_gate(o, arguments=n) for o, n in ((_come, 0), (_look, 1), (_give_way, 0)))


@njit(**COMPILED)
def meet(gate, parts):
    """Wait until all `parts` have come here; False where one of them has failed (`threads.together`)."""
    here = come(gate)
    wanted = here - here % parts + parts
    looks = 0
    while look(gate, 0) < wanted:
        looks += 1
        if looks > PATIENCE:
            if look(gate, 1) != 0:
                return False
            give_way(gate)
    return look(gate, 1) == 0


@njit(**COMPILED)
def wavelet_steps(
    point, tiled, right, maps, mask, cos, sin, image, planes, shifts, threshold, momenta, gate, part, parts
):
    """Some iterations of FISTA, share `part` of `parts`: `cartesian_step`, then all levels of the wavelet transform and back.

    `tiled` is `point` (2, n0, n1) as `cartesian_step` has it; shifts (iterations, 2); planes: (corner, details) of each level."""
    tiles = maps.shape[0]
    for k in range(momenta.size):
        cartesian_step(tiled, right, maps, mask, cos, sin, tiles * part // parts, tiles * (part + 1) // parts)
        if not meet(gate, parts):
            return
        above = point
        for level in range(len(planes)):
            corner, details = planes[level]
            rows = corner.shape[1]
            first, last = rows * part // parts, rows * (part + 1) // parts
            d, r = (shifts[k, 0], shifts[k, 1]) if level == 0 else (0, 0)
            if first < last:
                forward_stripe(above, d, r, threshold, first, last, corner, details)
            if not meet(gate, parts):
                return
            above = corner
        for level in range(len(planes) - 1, -1, -1):
            corner, details = planes[level]
            rows = corner.shape[1]
            first, last = rows * part // parts, rows * (part + 1) // parts
            if first < last:
                if level == 0:
                    inverse_stripe(corner, details, shifts[k, 0], shifts[k, 1], momenta[k], first, last, image, point)
                else:
                    below = planes[level - 1][0]
                    inverse_stripe(corner, details, 0, 0, np.float32(0), first, last, below, below)
            if not meet(gate, parts):
                return
