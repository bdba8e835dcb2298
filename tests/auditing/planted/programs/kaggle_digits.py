#!/usr/bin/env python
# coding: utf-8

# # Digit recogniser without TensorFlow
# Simple maths, numpy and one night.

# In[1]:


import numpy as np

np.random.seed(6)


# In[2]:


# tiny stand-in for train.csv: 90 "images" of 3 x 3 pixels, digits 0 to 3
classes = 4
patterns = np.random.rand(classes, 9)
digits = np.random.randint(0, classes, 90)
pixels = (255 * np.clip(patterns[digits] + 0.25 * np.random.randn(90, 9), 0, 1)).astype(int)

X_train = pixels.T / 255.
Y_train = digits
m = Y_train.size


# In[3]:


def init_params():
    W1 = np.random.randn(6, 9) * np.sqrt(2 / 9)
    b1 = np.zeros((6, 1))
    W2 = np.random.randn(6, 6) * np.sqrt(2 / 6)
    b2 = np.zeros((6, 1))
    W3 = np.random.randn(classes, 6) * np.sqrt(2 / 6)
    b3 = np.zeros((classes, 1))
    return W1, b1, W2, b2, W3, b3


def ReLU(Z):
    return np.maximum(Z, 0)


def deriv_ReLU(Z):
    return Z > 0


def softmax(Z):
    expZ = np.exp(Z - Z.max(axis=0))
    return expZ / expZ.sum(axis=0)


def one_hot(Y):
    encoded = np.zeros((classes, Y.size))
    encoded[Y, np.arange(Y.size)] = 1
    return encoded


# In[4]:


def forward_prop(W1, b1, W2, b2, W3, b3, X):
    Z1 = W1.dot(X) + b1
    A1 = ReLU(Z1)
    Z2 = W2.dot(A1) + b2
    A2 = ReLU(Z2)
    Z3 = W3.dot(A2) + b3
    A3 = softmax(Z3)
    return Z1, A1, Z2, A2, Z3, A3


def back_prop(Z1, A1, Z2, A2, A3, W2, W3, X, Y):
    size = Y.size
    dZ3 = A3 - one_hot(Y)
    dW3 = dZ3.dot(A2.T) / size
    db3 = np.sum(dZ3, 1, keepdims=True) / size
    dZ2 = W3.T.dot(dZ3) * deriv_ReLU(Z2)
    dW2 = dZ2.dot(A1.T) / size
    db2 = np.sum(dZ2, 1, keepdims=True) / size
    dZ1 = W2.T.dot(dZ2) * deriv_ReLU(Z1)
    dW1 = dZ1.dot(X.T) / size
    db1 = np.sum(dZ1, 1, keepdims=True) / size
    return dW1, db1, dW2, db2, dW3, db3


# In[5]:


def gradient_descent(X, Y, alpha, epochs, batch_size):
    W1, b1, W2, b2, W3, b3 = init_params()
    for epoch in range(epochs):
        for k in range(0, m, batch_size):
            X_batch, Y_batch = X[:, k:k + batch_size], Y[k:k + batch_size]
            Z1, A1, Z2, A2, Z3, A3 = forward_prop(W1, b1, W2, b2, W3, b3, X_batch)
            loss = -np.mean(np.log(A3[Y_batch, np.arange(Y_batch.size)]))
            dW1, db1, dW2, db2, dW3, db3 = back_prop(Z1, A1, Z2, A2, A3, W2, W3, X_batch, Y_batch)
            W1 = W1 - alpha * dW1
            b1 = b1 - alpha * db1
            W2 = W2 - alpha * dW2
            b2 = b2 - alpha * db2
            W3 = W3 - alpha * dW3
            b3 = b3 - alpha * db3
        if epoch % 5 == 0:
            print("Epoch:", epoch, "loss:", loss)
            print("accuracy:", np.mean(np.argmax(A3, 0) == Y_batch))
    return W1, b1, W2, b2, W3, b3


# In[6]:


W1, b1, W2, b2, W3, b3 = gradient_descent(X_train, Y_train, 0.2, 15, 30)
