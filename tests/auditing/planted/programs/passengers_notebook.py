#!/usr/bin/env python
# coding: utf-8

# # Who survives? Logistic regression from scratch

# In[1]:


import numpy as np

np.random.seed(9)


# In[2]:


# made-up passengers: class, sex, age, fare
n = 110
pclass = np.random.randint(1, 4, n)
sex = np.random.randint(0, 2, n)
age = np.random.uniform(1, 70, n)
fare = np.abs(np.random.normal(60 / pclass, 10))
survived = (1.6 * sex - 0.7 * (pclass - 2) - 0.02 * (age - 30)
            + np.random.normal(0, 0.7, n) > 0.6).astype(int)
print("passengers:", n, "survived:", survived.sum())


# In[3]:


x_data = np.c_[pclass, sex, age, fare].astype(float)
x = (x_data - x_data.min(axis=0)) / (x_data.max(axis=0) - x_data.min(axis=0))
x_train = x.T
y_train = survived.reshape(1, -1)
print("x train:", x_train.shape)
print("y train:", y_train.shape)


# In[4]:


def initialize_weights_and_bias(dimension):
    w = np.full((dimension, 1), 0.01)
    b = 0.0
    return w, b


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


# In[5]:


def forward_backward_propagation(w, b, x_train, y_train, lambd):
    m = x_train.shape[1]
    z = np.dot(w.T, x_train) + b
    y_head = sigmoid(z)
    loss = -y_train * np.log(y_head) - (1 - y_train) * np.log(1 - y_head)
    cost = np.sum(loss) / m + lambd / (2 * m) * np.sum(np.square(w))

    derivative_weight = np.dot(x_train, (y_head - y_train).T) / m + lambd / m * w
    derivative_bias = np.sum(y_head - y_train) / m
    gradients = {"derivative_weight": derivative_weight, "derivative_bias": derivative_bias}
    return cost, gradients


# In[6]:


w, b = initialize_weights_and_bias(x_train.shape[0])
cost_list = []
number_of_iteration = 201
learning_rate = 1.2
lambd = 0.8

for i in range(number_of_iteration):
    cost, gradients = forward_backward_propagation(w, b, x_train, y_train, lambd)
    cost_list.append(cost)
    w = w - learning_rate * gradients["derivative_weight"]
    b = b - learning_rate * gradients["derivative_bias"]
    if i % 50 == 0:
        print("Cost after iteration %i: %f" % (i, cost))


# In[7]:


y_prediction = sigmoid(np.dot(w.T, x_train) + b) > 0.5
print("train accuracy: {} %".format(100 - np.mean(np.abs(y_prediction - y_train)) * 100))
