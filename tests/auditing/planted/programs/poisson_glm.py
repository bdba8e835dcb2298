"""Poisson regression with exposure; design matrix with a column of ones; gradient function and loop apart."""
import numpy as np


def neg_log_lik(beta, X, counts, log_exposure):
    eta = X @ beta + log_exposure
    return np.mean(np.exp(eta) - counts * eta)


def score(beta, X, counts, log_exposure):
    mu = np.exp(X @ beta + log_exposure)
    return X.T @ (mu - counts) / len(counts)


def fit(X, counts, exposure, lr=0.1, n_steps=200, ridge=0.02, tol=1e-7):
    beta = np.zeros(X.shape[1])
    log_exposure = np.log(exposure)
    previous = np.inf
    for step in range(n_steps):
        objective = neg_log_lik(beta, X, counts, log_exposure) + 0.5 * ridge * beta @ beta
        grad = score(beta, X, counts, log_exposure) + ridge * beta
        beta = beta - lr * grad
        if step % 40 == 0:
            print("step {}: penalised nll {:.5f}".format(step, objective))
        if abs(previous - objective) < tol:
            break
        previous = objective
    return beta


def simulate(n=100, seed=11):
    rng = np.random.default_rng(seed)
    age = rng.normal(size=n)
    dose = rng.uniform(-1, 1, size=n)
    exposure = rng.uniform(0.5, 2.0, size=n)
    X = np.column_stack([np.ones(n), age, dose])
    counts = rng.poisson(exposure * np.exp(0.3 + 0.4 * age - 0.6 * dose))
    return X, counts, exposure


if __name__ == "__main__":
    X, counts, exposure = simulate()
    beta = fit(X, counts, exposure)
    print("coefficients", np.round(beta, 3))
