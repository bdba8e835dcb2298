"""The scikit-learn face: one network, one loss, as a classifier and as a regressor.

Both are trained by the same derived equations as a comparison is. Three things to know:

* **X is not scaled.** Put a `StandardScaler` before, as for any network; a comparison does it.
* **The regressor's target is centred and scaled inside** (`scale_target=True`) and predictions
  are in its own unit, as in a comparison: a loss with a length in it, such as Huber's delta, is
  meant in standard deviations of the target. Counts (`loss="poisson"`) are never scaled.
* **Rows of weight 0 are left out**; other weights are divided by their mean. So a weight of 2 is
  the same as a row given twice where each step sees all rows, but not in minibatches, whose rows
  then differ.
"""

from losscope.estimators.classifier import NetworkClassifier
from losscope.estimators.regressor import NetworkRegressor

__all__ = ["NetworkClassifier", "NetworkRegressor"]
