#!/usr/bin/env python
# coding: utf-8

# # Will the customer leave?
# A shallow network written by hand, to compare with sklearn later.

# In[1]:


import numpy as np


# In[2]:


np.random.seed(21)
m_train = 80
tenure = np.random.exponential(2.0, m_train)
monthly = np.random.normal(0, 1, m_train)
calls = np.random.poisson(1.5, m_train)
churn = (0.9 * monthly - 0.8 * tenure + 0.5 * calls + np.random.normal(0, 0.5, m_train) > -0.5) * 1

X_train = np.vstack([tenure, monthly, calls]).astype(float)
X_train = (X_train - X_train.mean(axis=1, keepdims=True)) / X_train.std(axis=1, keepdims=True)
Y_train = churn.reshape(1, m_train)
X_train.shape, Y_train.shape


# In[3]:


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def leaky_relu(z):
    return np.where(z > 0, z, 0.1 * z)


# In[4]:


n_h = 5
lambd = 0.3
alpha = 0.5

W1 = np.random.randn(n_h, 3) * 0.5
b1 = np.zeros((n_h, 1))
W2 = np.random.randn(1, n_h) * 0.5
b2 = np.zeros((1, 1))


# ## Training

# In[5]:


costs = []
for i in range(80):
    # forward propagation
    Z1 = W1 @ X_train + b1
    A1 = leaky_relu(Z1)
    Z2 = W2 @ A1 + b2
    A2 = sigmoid(Z2)

    # cost
    cross_entropy = -np.sum(Y_train * np.log(A2) + (1 - Y_train) * np.log(1 - A2)) / m_train
    l2 = lambd / (2 * m_train) * (np.sum(W1 ** 2) + np.sum(W2 ** 2))
    cost = cross_entropy + l2
    costs.append(cost)

    # backward propagation
    dZ2 = A2 - Y_train
    dW2 = dZ2 @ A1.T / m_train + lambd / m_train * W2
    db2 = np.sum(dZ2, axis=1, keepdims=True) / m_train
    dA1 = W2.T @ dZ2
    dZ1 = dA1 * np.where(Z1 > 0, 1, 0.1)
    dW1 = dZ1 @ X_train.T / m_train + lambd / m_train * W1
    db1 = np.sum(dZ1, axis=1, keepdims=True) / m_train

    # gradient descent
    W1 = W1 - alpha * dW1
    b1 = b1 - alpha * db1
    W2 = W2 - alpha * dW2
    b2 = b2 - alpha * db2

    if i % 20 == 0:
        print("Cost after iteration {}: {:.5f}".format(i, cost))


# In[6]:


print("train accuracy:", np.mean((A2 > 0.5) == Y_train))
