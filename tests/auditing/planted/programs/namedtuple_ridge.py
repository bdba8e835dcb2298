"""Pure functions and a NamedTuple of parameters; multi-output regression with Tikhonov penalty."""
from typing import NamedTuple

import numpy as np


class Params(NamedTuple):
    w_hidden: np.ndarray
    b_hidden: np.ndarray
    w_out: np.ndarray
    b_out: np.ndarray


def init_params(key: int, n_in: int, n_hidden: int, n_out: int) -> Params:
    rng = np.random.default_rng(key)
    return Params(
        w_hidden=rng.normal(0, 1 / np.sqrt(n_in), (n_in, n_hidden)),
        b_hidden=np.zeros(n_hidden),
        w_out=rng.normal(0, 1 / np.sqrt(n_hidden), (n_hidden, n_out)),
        b_out=np.zeros(n_out),
    )


def apply(params: Params, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    hidden = np.arctan(x @ params.w_hidden + params.b_hidden)
    return hidden, hidden @ params.w_out + params.b_out


def penalty(params: Params, l2: float) -> float:
    return l2 * (np.sum(params.w_hidden ** 2) + np.sum(params.w_out ** 2))


def grad(params: Params, x: np.ndarray, y: np.ndarray, l2: float) -> tuple[float, Params]:
    hidden, pred = apply(params, x)
    resid = pred - y
    value = np.mean(resid ** 2) + penalty(params, l2)

    d_pred = 2 * resid / resid.size
    d_hidden = d_pred @ params.w_out.T
    pre = x @ params.w_hidden + params.b_hidden
    d_pre = d_hidden / (1 + pre ** 2)
    return value, Params(
        w_hidden=x.T @ d_pre + 2 * l2 * params.w_hidden,
        b_hidden=d_pre.sum(axis=0),
        w_out=hidden.T @ d_pred + 2 * l2 * params.w_out,
        b_out=d_pred.sum(axis=0),
    )


def sgd(params: Params, grads: Params, lr: float) -> Params:
    return Params(*(p - lr * g for p, g in zip(params, grads)))


def main() -> None:
    rng = np.random.default_rng(40)
    x = rng.uniform(-2, 2, (64, 3))
    y = np.c_[np.sin(x[:, 0]) + x[:, 1], x[:, 2] * x[:, 0]]
    params = init_params(1, 3, 6, 2)
    for i in range(150):
        value, grads = grad(params, x, y, l2=1e-3)
        params = sgd(params, grads, lr=0.2)
        if i % 30 == 0:
            print(f"{i:>4} objective={value:.5f}")


main()
