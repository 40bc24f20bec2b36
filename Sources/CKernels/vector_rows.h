// Row kernels for vectors of LANES floats. Included once by each instruction set's file, behind
// its primitives:
//
//     vf, vi                       LANES floats, LANES int32
//     load_part, store_part        the first n < LANES elements; the rest reads as `fill`
//     fma_                         a b + c, rounded once
//     larger, smaller              the second operand if one is NaN
//     nearest, to_int, power_of_two   2^n for -126 <= n <= 127
//     magnitude, with_sign         |a|; |a| with the sign of b
//     select_below                 a < b ? c : d
//     sum_lanes, largest_lane      in a fixed tree; NaN is below all
//     lanes_at_least               (v, bound): a bit for each lane; NaN is not
//
// No function reduces in an order that depends on anything but the reduction's length: what does
// not fill a vector is filled up and goes the same way.

static inline vf load(const float *x) {
    vf v;
    memcpy(&v, x, sizeof v);
    return v;
}

static inline void store(float *x, vf v) { memcpy(x, &v, sizeof v); }

static inline vf all(float x) { return (vf){0} + x; }

// The vector of elements i ..< i + LANES out of n.
static inline vf load_at(const float *x, size_t i, size_t n, float fill) {
    return i + LANES <= n ? load(x + i) : load_part(x + i, n - i, fill);
}

static inline void store_at(float *x, size_t i, size_t n, vf v) {
    if (i + LANES <= n) {
        store(x + i, v);
    } else {
        store_part(x + i, n - i, v);
    }
}

static inline vf polynomial(vf x, const float *coefficients, int degree) {
    vf sum = all(coefficients[degree]);
#pragma clang loop unroll(full)
    for (int i = degree - 1; i >= 0; i--) sum = fma_(sum, x, all(coefficients[i]));
    return sum;
}

// Cody and Waite's reduction to |r| <= ln 2 / 2, then a polynomial; about 1 ulp. Scaled in two
// steps, since 2^n alone overflows where the result is still finite. Results that would be
// subnormal are zero: they cost a hundred cycles each and weigh nothing.
static inline vf exponential(vf x) {
    static const float c[] = {5.0000001201e-1f, 1.6666665459e-1f, 4.1665795894e-2f,
                              8.3334519073e-3f, 1.3981999507e-3f, 1.9875691500e-4f};
    const vf least = all(-87.33f);
    vf inside = larger(least, smaller(all(89), x));
    vf n = nearest(inside * 1.44269504f);
    vf r = fma_(n, all(-0.693359375f), inside);
    r = fma_(n, all(2.12194440e-4f), r);
    vf p = fma_(r * r, polynomial(r, c, 5), r) + 1;
    vi exponent = to_int(n);
    vi half = exponent >> 1;
    vf result = p * power_of_two(half) * power_of_two(exponent - half);
    return select_below(x, least, all(0), result);
}

// x times a polynomial of x^2 below 1; above, one minus the exponential of a polynomial of x.
// Both were fitted to the least largest error, which is 1e-9: what remains is rounding.
static inline vf error_function(vf x) {
    static const float below[] = {1.1283791f,     -0.37612605f,    0.112834305f, -0.026848592f,
                                  0.0051797503f, -0.00079423614f, 7.647132e-05f};
    static const float above[] = {-0.00035370892f, -1.12704f,      -0.6382256f,  -0.10303743f,
                                  0.021805352f,    -0.0029396156f, 0.0001855749f};
    vf a = smaller(all(4), magnitude(x));
    vf small = a * polynomial(a * a, below, 6);
    vf large = 1 - exponential(polynomial(a, above, 6));
    return with_sign(select_below(a, all(1), small, large), x);
}

static inline vf activated(vf x, ik_activation activation) {
    switch (activation) {
    case IK_GELU: return x * 0.5f * (1 + error_function(x * 0.70710678118654752f));
    case IK_QUICK_GELU: return x / (1 + exponential(x * -1.702f));
    case IK_RELU: return larger(all(0), x);
    case IK_SILU: return x / (1 + exponential(-x));
    }
    return x;
}

static inline __attribute__((always_inline)) void activate_all(
    float *out, const float *x, ik_activation activation, size_t n) {
    for (size_t i = 0; i < n; i += LANES) {
        store_at(out, i, n, activated(load_at(x, i, n, 0), activation));
    }
}

static void activate(float *out, const float *x, ik_activation activation, size_t n) {
    switch (activation) {
    case IK_GELU: return activate_all(out, x, IK_GELU, n);
    case IK_QUICK_GELU: return activate_all(out, x, IK_QUICK_GELU, n);
    case IK_RELU: return activate_all(out, x, IK_RELU, n);
    case IK_SILU: return activate_all(out, x, IK_SILU, n);
    }
}

static void multiply(float *x, const float *y, size_t n) {
    for (size_t i = 0; i < n; i += LANES) {
        store_at(x, i, n, load_at(x, i, n, 0) * load_at(y, i, n, 0));
    }
}

static void scale(float *x, float factor, size_t n) {
    for (size_t i = 0; i < n; i += LANES) store_at(x, i, n, load_at(x, i, n, 0) * factor);
}

static void add(float *x, const float *y, size_t n) {
    for (size_t i = 0; i < n; i += LANES) {
        store_at(x, i, n, load_at(x, i, n, 0) + load_at(y, i, n, 0));
    }
}

static void add_scaled(float *x, const float *y, float factor, size_t n) {
    for (size_t i = 0; i < n; i += LANES) {
        store_at(x, i, n, fma_(load_at(y, i, n, 0), all(factor), load_at(x, i, n, 0)));
    }
}

static void add_gated(float *x, const float *y, const float *gate, size_t n) {
    for (size_t i = 0; i < n; i += LANES) {
        vf sum = fma_(load_at(y, i, n, 0), load_at(gate, i, n, 0), load_at(x, i, n, 0));
        store_at(x, i, n, sum);
    }
}

static void rms_norm(float *out, const float *x, const float *weight, float epsilon, size_t n) {
    vf squares = all(0);
    for (size_t i = 0; i < n; i += LANES) {
        vf v = load_at(x, i, n, 0);
        squares = fma_(v, v, squares);
    }
    double mean = (double)sum_lanes(squares) / (double)n;
    float inverse = (float)(1 / sqrt(mean + (double)epsilon));
    for (size_t i = 0; i < n; i += LANES) {
        store_at(out, i, n, load_at(x, i, n, 0) * inverse * load_at(weight, i, n, 0));
    }
}

static void layer_norm(
    float *out, const float *x, const float *weight, const float *bias, float epsilon, size_t n) {
    vf total = all(0);
    for (size_t i = 0; i < n; i += LANES) total += load_at(x, i, n, 0);
    float mean = (float)((double)sum_lanes(total) / (double)n);
    vf squares = all(0);
    for (size_t i = 0; i < n; i += LANES) {
        // Filled up with the mean: what is not there must not differ from it.
        vf distance = load_at(x, i, n, mean) - mean;
        squares = fma_(distance, distance, squares);
    }
    double variance = (double)sum_lanes(squares) / (double)n;
    float inverse = (float)(1 / sqrt(variance + (double)epsilon));
    for (size_t i = 0; i < n; i += LANES) {
        vf normed = (load_at(x, i, n, 0) - mean) * inverse;
        store_at(out, i, n, fma_(normed, load_at(weight, i, n, 0), load_at(bias, i, n, 0)));
    }
}

static void rotate(float *x, const float *cosines, const float *sines, size_t heads, size_t d) {
    size_t half = d / 2;
    for (size_t head = 0; head < heads; head++, x += d) {
        for (size_t i = 0; i < half; i += LANES) {
            vf low = load_at(x, i, half, 0), high = load_at(x + half, i, half, 0);
            vf c = load_at(cosines, i, half, 0), s = load_at(sines, i, half, 0);
            store_at(x, i, half, low * c - high * s);
            store_at(x + half, i, half, high * c + low * s);
        }
    }
}

static float maximum(const float *x, size_t n) {
    vf largest = all(-INFINITY);
    for (size_t i = 0; i < n; i += LANES) largest = larger(load_at(x, i, n, -INFINITY), largest);
    return largest_lane(largest);
}

static double sum_exp(const float *x, float origin, size_t n) {
    double sums[LANES] = {0};
    for (size_t i = 0; i < n; i += LANES) {
        float terms[LANES];
        store(terms, exponential(load_at(x, i, n, -INFINITY) - origin));
        for (int lane = 0; lane < LANES; lane++) sums[lane] += (double)terms[lane];
    }
    double sum = 0;
    for (int lane = 0; lane < LANES; lane++) sum += sums[lane];
    return sum;
}

static float softmax_tile(float *x, float *running, float *sum, float factor, size_t n) {
    vf largest = all(*running);
    for (size_t i = 0; i < n; i += LANES) {
        vf scaled = load_at(x, i, n, -INFINITY) * factor;
        store_at(x, i, n, scaled);
        if (i + LANES > n) scaled = load_part(x + i, n - i, -INFINITY);
        largest = larger(scaled, largest);
    }
    float top = largest_lane(largest);
    // Subtracting an infinity from itself would give NaN where the answer is "nothing seen yet".
    float origin = top == -INFINITY ? 0 : top;
    vf terms = all(0);
    for (size_t i = 0; i < n; i += LANES) {
        vf term = exponential(load_at(x, i, n, -INFINITY) - origin);
        store_at(x, i, n, term);
        terms += term;
    }
    float shrink = expf(*running - origin);
    *running = top;
    *sum = *sum * shrink + sum_lanes(terms);
    return shrink;
}

static size_t at_least(uint32_t *indices, const float *x, float bound, size_t n) {
    size_t count = 0;
    for (size_t i = 0; i < n; i += LANES) {
        unsigned lanes = lanes_at_least(load_at(x, i, n, NAN), bound);
        for (; lanes != 0; lanes &= lanes - 1) {
            indices[count++] = (uint32_t)(i + (size_t)__builtin_ctz(lanes));
        }
    }
    return count;
}
