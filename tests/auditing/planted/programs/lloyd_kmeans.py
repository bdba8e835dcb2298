"""k-means by Lloyd's algorithm: no gradient anywhere."""
import numpy as np

rng = np.random.default_rng(0)
points = np.concatenate([rng.normal(m, 0.5, (30, 2)) for m in ([0, 0], [2, 2], [-2, 1])])
centroids = points[rng.choice(len(points), 3, replace=False)].copy()
for iteration in range(10):
    distances = ((points[:, None] - centroids[None]) ** 2).sum(axis=2)
    nearest = distances.argmin(axis=1)
    inertia = distances.min(axis=1).sum()
    for k in range(3):
        if np.any(nearest == k):
            centroids[k] = points[nearest == k].mean(axis=0)
    print("iteration", iteration, "inertia", inertia)
