"""Does the choice of loss matter?  The founding question, made runnable.

Two sigmoid layers, written by hand; examples are columns.  The question leaves two
names undefined.  Our readings: d_sigmoid(a) = a * (1 - a), the derivative in terms of
the activation, and cost_all_examples, the squared errors of each example.
"""
import numpy as np

rng = np.random.default_rng(0)
hidden = rng.random((2, 50))
X_train = 1 / (1 + np.exp(-rng.normal(size=(4, 2)) @ (4 * hidden - 2)))
xtrain = X_train
Y_train = np.eye(4)[np.argmax(X_train, axis=0)].T
sigmoid = lambda z: 1 / (1 + np.exp(-z))
d_sigmoid = lambda a: a * (1 - a)
weight_layer_1, bias_1 = rng.normal(size=(3, 4)), np.zeros((3, 1))
weight_layer_2, bias_2 = rng.normal(size=(4, 3)), np.zeros((4, 1))
learning_rate = 0.1
for epoch in range(1000):
    a_1 = sigmoid(np.dot(weight_layer_1, xtrain) + bias_1)
    a_2 = sigmoid(np.dot(weight_layer_2, a_1) + bias_2)

    cost_all_examples = np.sum((a_2 - xtrain) ** 2, axis=0)
    mse_cost = np.mean(cost_all_examples)
    cost_cross_entropy = -(1 / len(X_train)) * (np.dot(Y_train, np.log(a_2).T) + np.dot(1 - Y_train, np.log(1 - a_2).T))

    # the output layer
    d_Z2 = (a_2 - xtrain) * d_sigmoid(a_2)
    d_weight_layer_2 = np.dot(d_Z2, a_1.T)
    d_bias_2 = np.sum(d_Z2, axis=1, keepdims=True)
    weight_layer_2 -= learning_rate * d_weight_layer_2
    bias_2 -= learning_rate * d_bias_2
    # the hidden layer
    d_a_1 = np.dot(weight_layer_2.T, d_Z2)
    d_Z1 = d_a_1 * d_sigmoid(a_1)
    weight_layer_1 -= learning_rate * np.dot(d_Z1, xtrain.T)
    bias_1 -= learning_rate * np.sum(d_Z1, axis=1, keepdims=True)

    if epoch % 100 == 0:
        print(epoch, mse_cost, cost_cross_entropy)
